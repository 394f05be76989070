import type { TrustProblem } from '../../network/network.ts'
import { judgeBoth } from '../both-certificates.ts'
import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { certificateLine, countedCertificates, weaknessOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

/** Problems that have a message of their own; the others are all "leads to no trusted root". */
const codes = { 'self-signed': 'self-signed', 'bad-signature': 'bad-signature', 'not-a-ca': 'not-a-ca' } as const

export default defineCheck({
  id: 'tls/certificate-trusted',
  title: 'The certificate is vouched for by an authority that mail programs trust',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 8314 §4.4', 'RFC 5280 §6', 'RFC 9325 §4.5'],
  needs: ['serviceSessions'],
  defersTo: ['tls/chain-complete'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    if (tls.chain.length === 0) return fail('no-certificate', { endpoint: held.name }, eventSeen(held, `${tls.version} ${tls.cipher}, no certificate`))
    const counted = countedCertificates(tls)
    const [leaf] = counted
    if (!leaf) return fail('unreadable', { endpoint: held.name }, eventSeen(held, 'a certificate that cannot be parsed'))
    const { issuer } = leaf
    const evidence = counted.map(certificate => eventSeen(held, certificateLine(certificate)))
    if (!tls.trust.trusted) return fail(codeOf(tls.trust.problem), { endpoint: held.name, issuer }, ...evidence)
    const weakness = weaknessOf(counted)
    switch (weakness?.code) {
      case 'weak-key': return fail('weak-key', { endpoint: held.name, key: weakness.key, bits: weakness.bits, issuer }, ...evidence)
      case 'weak-signature': return fail('weak-signature', { endpoint: held.name, algorithm: weakness.algorithm, issuer }, ...evidence)
      case undefined: return pass
    }
  }),
  messages: {
    failed: '{endpoint}: the certificate leads to no trusted root (issuer {issuer})',
    'self-signed': '{endpoint}: the certificate is self-signed (issuer {issuer})',
    'bad-signature': '{endpoint}: a signature in the chain does not hold (issuer {issuer})',
    'not-a-ca': '{endpoint}: signed with a certificate that may not issue others (issuer {issuer})',
    'weak-key': '{endpoint}: {key} key of only {bits} bits (issuer {issuer})',
    'weak-signature': '{endpoint}: signed with {algorithm}, which can be forged (issuer {issuer})',
    'no-certificate': '{endpoint}: no certificate is shown',
    unreadable: '{endpoint}: the certificate cannot be read',
  },
  explain: `Mail programs cannot tell this server from an impostor. They refuse to connect or ask people to accept the risk,
    and whoever says yes once will also say yes to somebody in the middle who is after passwords.`,
  remedy: ({ endpoint: { host, port } }, _facts, _args, _scope, code) => ({
    text: code === 'weak-key' || code === 'weak-signature'
      ? `Have the certificate of ${host} reissued with a new key (ECDSA P-256, or RSA of 2048 bits) and a SHA-256 signature, and load it on port ${port}.`
      : `Install a certificate of a public authority on ${host}, port ${port}, together with its intermediate certificates. `
        + 'If the authority is your own, name its root with --ca.',
  }),
})

function codeOf(problem: TrustProblem): 'failed' | (typeof codes)[keyof typeof codes] {
  return problem in codes ? codes[problem as keyof typeof codes] : 'failed'
}
