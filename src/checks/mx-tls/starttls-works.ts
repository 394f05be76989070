import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen, linesSeen } from '../evidence.ts'
import { setAside } from '../opening.ts'
import { ifReceiving } from '../receiving.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/starttls-works',
  title: 'The MX host offers STARTTLS, and it works',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 3207 §4'],
  needs: ['mxSessions'],
  defersTo: ['dane/tlsa-matches', 'mta-sts/mx-verifiable'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { mxSessions: { receiving } }) {
    const { endpoint: { host, address }, session } = held
    const upgrade = upgradeOf(held)
    const broken = (alert: string) =>
      ifReceiving(receiving, fail('handshake', { host, address, alert }, eventSeen(session, `TLS handshake: ${alert}`)))
    switch (upgrade.state) {
      case 'tls': return upgrade.broken ? broken(upgrade.broken.detail) : pass
      case 'not-offered': return ifReceiving(receiving, fail('failed', { host, address }, ...linesSeen(session, upgrade.offer)))
      case 'upgrade-refused':
        return ifReceiving(receiving, fail('refused', { host, address, reply: upgrade.line }, ...linesSeen(session, upgrade.reply)))
      case 'handshake-failed': return broken(upgrade.failure.detail)
      default: return setAside(upgrade, held)
    }
  },
  messages: {
    failed: '{host} [{address}]: STARTTLS is not offered',
    refused: '{host} [{address}]: STARTTLS is offered, and then answered with "{reply}"',
    handshake: '{host} [{address}]: STARTTLS is accepted, but the handshake fails: {alert}',
  },
  explain: `Mail to you crosses the internet readable by everybody on the way. Senders that insist on encryption do not
    deliver at all, and where the handshake fails others may wait or give up instead of falling back to clear text.`,
  remedy: ({ endpoint: { host } }, _facts, _args, _scope, code) => ({
    text: code === 'failed'
      ? `Give the mail server on ${host} a certificate and switch on STARTTLS for port 25; if it is on, look for a firewall that removes it from the reply.`
      : `Look in the log of the mail server on ${host} why TLS does not start: mostly the certificate or its key is missing, unreadable, or does not belong to the other.`,
  }),
})
