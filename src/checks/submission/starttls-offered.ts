import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { setAside } from '../opening.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'submission/starttls-offered',
  title: 'Submission on port 587 offers STARTTLS',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 8314 §3.3', 'RFC 3207 §4'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, ['submission']),
  nothing: 'no submission service on port 587 is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, ['submission']),
  judge(held) {
    const { name: endpoint } = held
    const upgrade = upgradeOf(held)
    switch (upgrade.state) {
      case 'tls': return pass
      // the handshake is the claim of tls/handshake-completes
      case 'handshake-failed': return pass
      case 'not-offered': return fail('failed', { endpoint }, ...linesSeen(held, upgrade.offer))
      case 'upgrade-refused': return fail('refused', { endpoint, reply: upgrade.line }, ...linesSeen(held, upgrade.reply))
      case 'closed': return skip('port 587 does not answer, so nobody is misled into clear text')
      case 'refused':
        // a server that knows no EHLO has no way to offer anything
        return upgrade.command === 'EHLO' ? fail('failed', { endpoint }, ...linesSeen(held, upgrade.reply)) : setAside(upgrade, held)
      default: return setAside(upgrade, held)
    }
  },
  messages: {
    failed: '{endpoint} offers no STARTTLS',
    refused: '{endpoint} offers STARTTLS, and then answers it with "{reply}"',
  },
  explain: `Mail programs that insist on encryption, as all current ones do, cannot send. The others send the password and the
    messages readable by everybody on the way.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Configure a certificate and STARTTLS for submission on ${host}, or close port 587 and let people use 465.`,
  }),
})
