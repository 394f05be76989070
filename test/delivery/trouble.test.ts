import { expect, test } from 'vitest'
import { troubleOf, type Trouble } from '../../src/delivery/trouble.ts'
import { visit, type Door } from '../../src/mailbox/visit.ts'
import { doors } from '../mailbox/mailboxes.ts'
import { createWorld } from '../world.ts'

const at = (service: 'submission' | 'imap' | 'pop3', port: number): Door =>
  ({ ...doors.imaps, endpoint: { ...doors.imaps.endpoint, port, tls: 'starttls' }, account: { ...doors.imaps.account, service } })

async function trouble(door: Door, session: string): Promise<Trouble | null> {
  return troubleOf(await visit(await createWorld({ sessions: { [`[192.0.2.5]:${door.endpoint.port}`]: session } }), door, () => Promise.resolve()))
}

const submission = (answer: string): string => `
  S: 220 ready
  C: EHLO probe.example.net
  S: 250 mail.example.com
  C: STARTTLS
  S: ${answer}`
const imap = (answer: string): string => `
  S: * OK ready
  C: a1 STARTTLS
  S: a1 ${answer}`
const pop3 = (answer: string): string => `
  S: +OK ready
  C: STLS
  S: ${answer}`

test.each<[string, Door, string, string | null]>([
  ['that knows no STARTTLS', at('submission', 587), submission('502 5.5.1 no such command'), null],
  ['that has none for now', at('submission', 587), submission('454 4.7.0 TLS not available due to temporary reason'), 'rate-limited'],
  ['that will not have us', at('submission', 587), submission('554 your address is on a block list'), 'client-rejected'],
  ['that knows no STARTTLS', at('imap', 143), imap('BAD unknown command'), null],
  ['that is too busy', at('imap', 143), imap('NO [UNAVAILABLE] try again later'), 'rate-limited'],
  ['that knows no STLS', at('pop3', 110), pop3('-ERR unknown command'), null],
  ['that is in trouble', at('pop3', 110), pop3('-ERR [SYS/TEMP] not now'), 'rate-limited'],
])('a server %s gets no password, and whose fault it is depends on what it says', async (_, door, session, reason) => {
  const said = session.split(/[SC]: /).at(-1) ?? ''
  expect(await trouble(door, session)).toMatchObject(reason === null
    ? { reason: null, passing: false, text: `mail.example.com[192.0.2.5]:${door.endpoint.port} offers no TLS: without it no password is sent: ${said}` }
    : reason === 'rate-limited' ? { reason, passing: true } : { reason: expect.any(String) as string, passing: true })
})

test.each<[string, string | null]>([
  ['a3 NO [AUTHENTICATIONFAILED] wrong', null],
  ['* BYE', 'rate-limited'],
  ['a3 NO [UNAVAILABLE] the directory is down', 'rate-limited'],
])('a login that ends with %j', async (line, reason) => {
  expect(await trouble(at('imap', 143), `${imap('OK go on')}
  * tls
  C: a2 CAPABILITY
  S: * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN
  S: a2 OK
  C: a3 AUTHENTICATE PLAIN ***
  S: ${line}`)).toMatchObject({ reason, passing: reason !== null })
})
