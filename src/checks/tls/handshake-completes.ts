import { defineCheck, fail, pass, skip } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { setAside } from '../opening.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/handshake-completes',
  title: 'TLS, where it is offered, comes about',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 8314 §3', 'RFC 3207 §4'],
  needs: ['serviceSessions'],
  defersTo: ['client-config/endpoint-modes-true'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held) {
    const upgrade = upgradeOf(held)
    const broken = (alert: string) => fail('failed', { endpoint: held.name, alert }, eventSeen(held, `TLS handshake: ${alert}`))
    switch (upgrade.state) {
      case 'tls': return upgrade.broken ? broken(upgrade.broken.detail) : pass
      case 'not-offered': return skip('TLS is not offered')
      case 'upgrade-refused': return skip(`the server answers the upgrade to TLS with "${upgrade.line}"`)
      case 'handshake-failed': return broken(upgrade.failure.detail)
      default: return setAside(upgrade, held)
    }
  },
  messages: {
    failed: '{endpoint}: {alert}',
  },
  explain: `Mail programs that are set up for this server cannot connect: people see an error about a secure connection,
    and neither read nor send.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Look in the log of the service behind ${host}:${port} why TLS does not start: mostly the certificate or its key is missing, `
      + 'unreadable, or does not belong to the other, or the service speaks no version from TLS 1.2 on.',
  }),
})
