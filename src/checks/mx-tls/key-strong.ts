import { judgeBoth } from '../both-certificates.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { certificateLine, countedCertificates, weaknessOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/key-strong',
  title: 'The key of the MX host and the signatures in its chain are strong, whoever vouches for them',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9325 §4.2'],
  needs: ['mxSessions'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge: (shown) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const counted = countedCertificates(tls)
    if (counted.length === 0) return skip('there is no certificate that can be read')
    const { endpoint: { host, address }, session } = held
    const evidence = counted.map(certificate => eventSeen(session, certificateLine(certificate)))
    const weakness = weaknessOf(counted)
    switch (weakness?.code) {
      case 'weak-key': return fail('failed', { host, address, key: weakness.key, bits: weakness.bits }, ...evidence)
      case 'weak-signature': return fail('weak-signature', { host, address, algorithm: weakness.algorithm }, ...evidence)
      case undefined: return pass
    }
  }),
  messages: {
    failed: '{host} [{address}]: {key} key of only {bits} bits',
    'weak-signature': '{host} [{address}]: signed with {algorithm}, which can be forged',
  },
  explain: `Senders that know this server by DANE or MTA-STS trust whoever holds its key. A short one can be computed from
    the certificate, and a signature with MD5 or SHA-1 can be made to fit another: then somebody else is your server.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Issue a new key (ECDSA P-256, or RSA of 2048 bits) and a certificate with a SHA-256 signature for ${host}; where TLSA records name the old one, publish the new record first.`,
  }),
})
