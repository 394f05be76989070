/** Mailboxes as transcripts: in, and then what a test is about. */
import { createWorld } from '../world.ts'
import type { Network } from '../../src/network/network.ts'
import type { Door } from '../../src/mailbox/visit.ts'

const account = { user: 'joe@example.com', password: 'env:JOE', secret: () => 'sesame' }

export const doors = {
  imaps: { endpoint: { host: 'mail.example.com', address: '192.0.2.5', port: 993, tls: 'implicit' }, account: { ...account, service: 'imaps' }, ehloName: 'probe.example.net' },
  pop3s: { endpoint: { host: 'mail.example.com', address: '192.0.2.5', port: 995, tls: 'implicit' }, account: { ...account, service: 'pop3s' }, ehloName: 'probe.example.net' },
} as const satisfies Record<string, Door>

export const inByImap = (capabilities: string): string => `
  * tls
  S: * OK ready
  C: a1 CAPABILITY
  S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
  S: a1 OK done
  C: a2 AUTHENTICATE PLAIN
  S: +
  C: ***
  S: a2 OK welcome
  C: a3 CAPABILITY
  S: * CAPABILITY ${capabilities}
  S: a3 OK done
`

export const inByPop3 = (...capabilities: string[]): string => `
  * tls
  S: +OK ready
  C: CAPA
  S: +OK
  S: USER
  S: .
  C: USER joe@example.com
  S: +OK send it
  C: PASS ***
  S: +OK welcome
  C: CAPA
  S: +OK
${capabilities.map(line => `  S: ${line}\n`).join('')}  S: .
`

export function mailServer(session: string): Promise<Network> {
  return createWorld({ sessions: { '[192.0.2.5]:993': session, '[192.0.2.5]:995': session } })
}
