import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { setAside } from '../opening.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'pop3/stls-offered',
  title: 'POP3 on port 110, if it is open, offers STLS',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 2595 §4'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, ['pop3']),
  nothing: 'no POP3 service on port 110 is known, which is well',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, ['pop3']),
  judge(held) {
    const { name: endpoint } = held
    const upgrade = upgradeOf(held)
    switch (upgrade.state) {
      case 'tls': return pass
      // the handshake is the claim of tls/handshake-completes
      case 'handshake-failed': return pass
      case 'not-offered': return fail('failed', { endpoint }, ...linesSeen(held, upgrade.offer), ...linesSeen(held, held.session.startTls ?? []))
      case 'upgrade-refused': return fail('refused', { endpoint, reply: upgrade.line }, ...linesSeen(held, upgrade.reply))
      case 'closed': return skip('port 110 does not answer, which is well')
      default: return setAside(upgrade, held)
    }
  },
  messages: {
    failed: '{endpoint} offers no STLS',
    refused: '{endpoint} offers STLS, and then answers it with "{reply}"',
  },
  explain: `Mail programs that use this port send the password and fetch the mail readable by everybody on the way, or cannot
    connect at all because they insist on encryption.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Enable STLS on ${host}, port 110, or close the port; 995 is enough.`,
  }),
})
