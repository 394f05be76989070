/** The reports in a mailbox: what is asked there, word by word. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readAccount, type AccountReading } from '../../src/commands/report-account.ts'
import { parseConfig } from '../../src/config.ts'
import { inByImap } from '../mailbox/mailboxes.ts'
import { aggregate, gzip, mailWith } from '../syntax/report-samples.ts'
import { createWorld } from '../world.ts'

let state: string
beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'mailcheck-account-'))
  vi.stubEnv('JOE', 'sesame')
  return () => vi.unstubAllEnvs()
})
afterAll(() => rmSync(state, { recursive: true }))

const config = parseConfig('domains: { example.com: { services: { imaps: mail.example.com }, accounts: [{ service: imaps, user: joe@example.com, password: env:JOE }, { service: pop3s, user: ann@example.com, password: env:JOE }] } }', 'mailcheck.yaml')

async function read(session: string, folders: readonly string[] = [], name = 'joe@example.com'): Promise<AccountReading> {
  const network = await createWorld({ zone: 'mail.example.com A 192.0.2.5', sessions: { '[192.0.2.5]:993': `${inByImap('IMAP4rev1')}${session}` } })
  return readAccount(name, { network, config, place: undefined, folders, state })
}

const report = mailWith(gzip(aggregate()))
const other = 'Subject: lunch?\r\n\r\nAt one?\r\n'
const fetch = (tag: string, uid: number, text: string): string => `
      C: ${tag} UID FETCH ${uid} (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * 1 FETCH (UID ${uid} RFC822.SIZE ${text.length} INTERNALDATE "23-Nov-2026 10:00:00 +0000" BODY[]<0> {${text.length}}
${`${text})`.split('\r\n').map(line => `      S: ${line}`).join('\n')}
      S: ${tag} OK done`

test('its reports are read, other mail is counted, and the next visit goes on from there', async () => {
  const first = await read(`
      C: a4 EXAMINE "INBOX"
      S: * 3 EXISTS
      S: * OK [UIDVALIDITY 7] ok
      S: a4 OK [READ-ONLY] done
      C: a5 UID SEARCH ALL
      S: * SEARCH 3 4 9
      S: a5 OK done${fetch('a6', 3, report)}${fetch('a7', 4, other)}${fetch('a8', 9, other)}`)
  expect(first).toMatchObject({
    messages: 3, reports: [{ kind: 'dmarc', domain: 'example.com' }],
    setAside: [{ where: 'joe@example.com, INBOX', line: null, reason: '2 messages have no report attached' }],
  })
  first.done()
  const second = await read(`
      C: a4 EXAMINE "INBOX"
      S: * 3 EXISTS
      S: * OK [UIDVALIDITY 7] ok
      S: a4 OK [READ-ONLY] done
      C: a5 UID SEARCH UID 10:*
      S: * SEARCH 9
      S: a5 OK done`, ['INBOX'])
  expect(second).toMatchObject({ messages: 0, reports: [], setAside: [] })
})

test('a message of which the server gives a part alone is set aside as that', async () => {
  expect(await read(`
      C: a4 EXAMINE "INBOX"
      S: * 1 EXISTS
      S: * OK [UIDVALIDITY 8] ok
      S: a4 OK [READ-ONLY] done
      C: a5 UID SEARCH ALL
      S: * SEARCH 3
      S: a5 OK done${fetch('a6', 3, other).replace(`RFC822.SIZE ${other.length}`, 'RFC822.SIZE 5000')}
      C: a7 UID FETCH 3 (UID BODY.PEEK[]<${other.length}.${5000 - other.length}>)
      S: a7 OK done`)).toMatchObject({ messages: 1, reports: [], setAside: [{ reason: 'the server gives a part of its 5000 octets alone' }] })
})

test('a folder that is not there is told beside what another has', async () => {
  expect(await read(`
      C: a4 EXAMINE "Nowhere"
      S: a4 NO [NONEXISTENT] no such mailbox
      C: a5 EXAMINE "Reports"
      S: * 0 EXISTS
      S: a5 OK [READ-ONLY] done
      C: a6 UID SEARCH ALL
      S: a6 OK done`, ['Nowhere', 'Reports'])).toMatchObject({ messages: 0, setAside: [{ where: 'joe@example.com, Nowhere', reason: 'the folder cannot be opened: a4 NO [NONEXISTENT] no such mailbox' }] })
})

test.each([
  ['a password that is refused', 'joe@example.com', 'S: a2 OK welcome', 'S: a2 NO [AUTHENTICATIONFAILED] no', /^--account: .* refuses to let joe@example\.com in: a2 NO \[AUTHENTICATIONFAILED\] no$/],
])('%s', async (_, name, accepted, refused, message) => {
  const network = await createWorld({ zone: 'mail.example.com A 192.0.2.5', sessions: { '[192.0.2.5]:993': inByImap('IMAP4rev1').replace(accepted, refused).replace(/C: a3[^]*/, '') } })
  await expect(readAccount(name, { network, config, place: undefined, folders: [], state: undefined })).rejects.toThrow(message)
})

test('an account that there is not, or without IMAP', async () => {
  await expect(read('', [], 'nobody')).rejects.toThrow(/^--account: "nobody" is no account of the configuration: it has joe@example\.com, ann@example\.com$/)
  await expect(read('', [], 'ann@example.com')).rejects.toThrow(/^--account: ann@example\.com has no account for IMAP$/)
})
