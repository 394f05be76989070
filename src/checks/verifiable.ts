/**
 * Would a sender that honours an enforced MTA-STS policy deliver to this MX address (RFC 8461 §4.2, §7.1, §7.2)? STARTTLS,
 * TLS 1.2 or newer, and a certificate in date that leads to a public root and names the MX host.
 */
import type { MxSession } from '../probes/session-sets.ts'
import { certificateCovers } from '../syntax/certificate.ts'
import { firstToEnd, lastToBegin } from './certificate-horizon.ts'
import { fail, pass } from './define.ts'
import { eventSeen, linesSeen } from './evidence.ts'
import { setAside } from './opening.ts'
import { certificateLine, countedCertificates, timestamp } from './served-chain.ts'
import { upgradeOf } from './upgrade.ts'

export const verifiableMessages = {
  failed: '{host} [{address}]: the certificate leads to no public root ({subject}, issued by {issuer})',
  'no-starttls': '{host} [{address}]: STARTTLS is not offered',
  'starttls-refused': '{host} [{address}]: STARTTLS is offered, and then answered with "{reply}"',
  handshake: '{host} [{address}]: STARTTLS is accepted, but the handshake fails: {alert}',
  'old-version': '{host} [{address}]: negotiates only {version}',
  'no-certificate': '{host} [{address}]: no certificate that can be read',
  'other-name': '{host} [{address}]: the certificate names only {names}',
  nameless: '{host} [{address}]: the certificate names no host in its subjectAltName',
  expired: '{host} [{address}]: the certificate expired on {date}',
  'not-yet-valid': '{host} [{address}]: the certificate is not valid before {date}',
} as const

/** `now` is RFC 3339. */
export function verifiability(held: MxSession, now: string) {
  const { endpoint: { host, address }, session } = held
  const at = { host, address }
  const upgrade = upgradeOf(held)
  switch (upgrade.state) {
    case 'tls': break
    case 'not-offered': return fail('no-starttls', at, ...linesSeen(session, upgrade.offer))
    case 'upgrade-refused': return fail('starttls-refused', { ...at, reply: upgrade.line }, ...linesSeen(session, upgrade.reply))
    case 'handshake-failed': {
      const { detail: alert } = upgrade.failure
      return fail('handshake', { ...at, alert }, eventSeen(session, `TLS handshake: ${alert}`))
    }
    default: return setAside(upgrade, held)
  }
  const { tls } = upgrade
  const { version } = tls
  if (version !== 'TLSv1.2' && version !== 'TLSv1.3') return fail('old-version', { ...at, version }, eventSeen(session, `${version} ${tls.cipher}`))
  const counted = countedCertificates(tls)
  const [leaf] = counted
  if (!leaf) return fail('no-certificate', at, eventSeen(session, 'no certificate that can be read'))
  const { subject, issuer } = leaf
  const seen = eventSeen(session, certificateLine(leaf))
  if (!tls.trust.trusted) return fail('failed', { ...at, subject, issuer }, seen)
  if (leaf.names.length === 0) return fail('nameless', at, seen)
  if (!certificateCovers(leaf.names, host)) return fail('other-name', { ...at, names: leaf.names.slice(0, 10) }, seen)
  const end = (firstToEnd(counted) ?? leaf).notAfter
  const begin = (lastToBegin(counted) ?? leaf).notBefore
  if (end.getTime() < Date.parse(now)) return fail('expired', { ...at, date: timestamp(end) }, seen)
  if (begin.getTime() > Date.parse(now)) return fail('not-yet-valid', { ...at, date: timestamp(begin) }, seen)
  return pass
}

/** What cures each. */
export function verifiableRemedy(code: string, host: string): string {
  switch (code) {
    case 'no-starttls': return `Switch on STARTTLS for port 25 on ${host}; if it is on, look for a firewall that removes it from the reply.`
    case 'starttls-refused':
    case 'handshake': return `Look in the log of the mail server on ${host} why TLS does not start: mostly the certificate or its key is missing, unreadable, or does not belong to the other.`
    case 'old-version': return `Update the TLS library of the mail server on ${host}, or allow TLS 1.2 and 1.3 in its configuration.`
    case 'expired': return `Renew the certificate of ${host}, and have the mail server load it.`
    default: return `Install a certificate of a public authority that names ${host}, with its intermediate certificates, and have the mail server load it.`
  }
}
