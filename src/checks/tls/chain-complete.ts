import type { HeldService } from '../../probes/session-sets.ts'
import { isIntermediateOf, servedOrder } from '../../syntax/served-order.ts'
import { judgeBoth } from '../both-certificates.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { certificateLine, countedCertificates, leafOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/chain-complete',
  title: 'The intermediate certificates are sent, and in order',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 8446 §4.4.2'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown, { serviceSessions: { sessions } }) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { chain, trust } = tls
    const leaf = leafOf(tls)
    if (!leaf) return skip('there is no certificate that can be read')
    if (!trust.trusted && trust.problem === 'self-signed') return skip('the certificate is self-signed')
    if (!trust.trusted && trust.problem !== 'unknown-issuer') return skip('a signature in the chain does not hold')
    const order = servedOrder(chain, trust)
    const evidence = countedCertificates(tls).map(certificate => eventSeen(held, certificateLine(certificate)))
    switch (order.state) {
      case 'complete': return pass
      case 'unreadable': return skip('there is no certificate that can be read')
      case 'disordered': return fail('disordered', { endpoint: held.name, issuer: order.issuer }, ...evidence)
      case 'open': {
        const { issuer, last } = order
        if (leaf.timestamps > 0 || (order.leaf && isPublic(leaf.issuerUrls)) || soundsIntermediate(issuer) || isServedElsewhere(last, sessions)) {
          return fail('failed', { endpoint: held.name, issuer }, ...evidence)
        }
        // A root may be left out (RFC 8446 §4.4.2), and this may be the root of somebody who is not known here.
        return skip(`whether ${issuer}, which signed it and is no public root, is a root of its own or an intermediate cannot be seen`)
      }
    }
  }),
  messages: {
    failed: '{endpoint} omits {issuer}',
    disordered: '{endpoint} sends {issuer} out of order, not behind the certificate that it issued',
  },
  explain: `Mail programs know the roots, not what stands between them and your certificate: the server has to send it. Those
    that saw the same intermediate elsewhere seem to work, others refuse to connect, and nobody sees why.`,
  remedy: ({ endpoint: { host, port } }, _facts, { issuer }, _scope, code) => ({
    text: code === 'disordered'
      ? `Put the certificates of ${host}:${port} in order: its own first, then the one that issued it, and so on.`
      : `Install the full chain on ${host}:${port}: behind its own certificate that of ${String(issuer)} (most authorities and ACME clients call the file "fullchain").`,
  }),
})

/** Public authorities say where their certificates are to be had; those of a Windows domain say it by LDAP too, or alone. */
function isPublic(issuerUrls: readonly string[]): boolean {
  return issuerUrls.length > 0 && issuerUrls.every(url => /^https?:/i.test(url))
}

/** Nobody names a root like this. */
function soundsIntermediate(issuer: string): boolean {
  return /intermediate|issuing|\bsub(?:ordinate)?[ _-]?ca\b/i.test(issuer)
}

/** Another endpoint of the domain sends it, and it is no root. */
function isServedElsewhere(last: string, sessions: readonly HeldService[]): boolean {
  return sessions.some(({ session: { tls } }) => tls?.chain.slice(1, 10).some(candidate => isIntermediateOf(candidate, last)))
}
