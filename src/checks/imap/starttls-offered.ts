import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { setAside } from '../opening.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'imap/starttls-offered',
  title: 'IMAP on port 143, if it is open, offers STARTTLS',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 9051 §6.2.1', 'RFC 9051 §7.1.4', 'RFC 9051 §11.2'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, ['imap']),
  nothing: 'no IMAP service on port 143 is known, which is well',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, ['imap']),
  judge(held) {
    const { name: endpoint } = held
    const upgrade = upgradeOf(held)
    switch (upgrade.state) {
      case 'tls': return pass
      // the handshake is the claim of tls/handshake-completes
      case 'handshake-failed': return pass
      case 'not-offered': return fail(upgrade.preauth ? 'preauth' : 'failed', { endpoint }, ...linesSeen(held, upgrade.offer))
      case 'upgrade-refused': return fail('refused', { endpoint, reply: upgrade.line }, ...linesSeen(held, upgrade.reply))
      case 'closed': return skip('port 143 does not answer, which is well')
      default: return setAside(upgrade, held)
    }
  },
  messages: {
    failed: '{endpoint} offers no STARTTLS',
    preauth: '{endpoint} greets with PREAUTH, which rules STARTTLS out',
    refused: '{endpoint} offers STARTTLS, and then answers it with "{reply}"',
  },
  explain: `Mail programs that use this port send the password and show the mail readable by everybody on the way, or cannot
    connect at all because they insist on encryption.`,
  remedy: ({ endpoint: { host } }, _facts, _args, _scope, code) => ({
    text: code === 'preauth'
      ? `Let IMAP on ${host}, port 143, greet with OK: it lets everybody in without a login. Or close the port; 993 is enough.`
      : `Enable STARTTLS on ${host}, port 143, or close the port; 993 is enough.`,
  }),
})
