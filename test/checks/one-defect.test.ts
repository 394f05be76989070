/** One defect, one finding: what the checks of a broken world say together, after deferral. */
import { expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { judgeWorld, type Row } from '../check-table.ts'
import * as usual from './transcripts.ts'
import { imapInClear, imapsListing, pop3sListing, submissions } from './transcripts.ts'

const topics = new Set(['domain', 'mx', 'smtp', 'mx-tls', 'tls', 'submission', 'imap', 'pop3', 'access'])
const ours = checks.filter(({ topic, requires }) => topics.has(topic) && !requires)
/** The usual servers, with all that a household of several devices could want. */
const capabilities = 'IMAP4rev1 IMAP4rev2 ID CONDSTORE QUOTA AUTH=PLAIN'
const imaps = imapsListing(capabilities)
const imap = usual.imap.replace('IMAP4rev1 AUTH=PLAIN', capabilities)
const pop3s = pop3sListing('USER', 'UIDL', 'EXPIRE NEVER', 'RESP-CODES', 'AUTH-RESP-CODE')
const pop3 = usual.pop3.replace('S: USER', 'S: USER\n  S: UIDL\n  S: EXPIRE NEVER\n  S: RESP-CODES\n  S: AUTH-RESP-CODE')
const smtp = usual.smtp.replace('250 AUTH PLAIN LOGIN', '250-8BITMIME\n  S: 250 SMTPUTF8')
const mx = 'mx1.example.com[9.9.9.1]:25'
const mx6 = 'mx1.example.com[2620:fe::1]:25'
const at = (port: number): string => `mail.example.com[9.9.9.5]:${port}`

const zone = `example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  mx1.example.com A 9.9.9.1
  mx1.example.com AAAA 2620:fe::1
  mail.example.com A 9.9.9.5
  _imaps._tcp.example.com SRV 0 1 993 mail.example.com
  _submissions._tcp.example.com SRV 0 1 465 mail.example.com`
const sessions = {
  [mx]: smtp, [mx6]: smtp, [at(993)]: imaps, [at(143)]: imap, [at(465)]: submissions, [at(587)]: usual.smtp.replaceAll('mx1', 'mail'), [at(995)]: pop3s, [at(110)]: pop3,
}

async function failing(row: Pick<Row, 'zone' | 'sessions' | 'certificates' | 'scope'>): Promise<string[]> {
  const findings = await judgeWorld(ours, row)
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ check, subject, code }) => `${check} ${subject} ${code ?? ''}`)
}

const without = (...names: string[]): Record<string, string> => Object.fromEntries(Object.entries(sessions).filter(([name]) => !names.includes(name)))

test('a domain in order: nothing fails, and nothing is unknown', async () => {
  const findings = await judgeWorld(ours, { zone, sessions })
  expect(findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')).toEqual([])
  const passed = new Set(findings.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check))
  expect(ours.map(({ id }) => id).filter(id => !passed.has(id))).toEqual(['mx/null-mx-well-formed', 'mx/null-mx-sends-nothing', 'smtp/primary-answers'])
})

test('ports 143, 110 and 587 closed are in order, too', async () => {
  const findings = await judgeWorld(ours, { zone, sessions: without(at(143), at(110), at(587)) })
  expect(findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')).toEqual([])
})

test.each<[string, Pick<Row, 'zone' | 'sessions' | 'certificates' | 'scope'>, string[]]>([
  ['no such domain', { zone: 'example.org A 9.9.9.9' }, ['domain/exists example.com failed']],
  ['the mail server is down', { zone, sessions: without(mx, mx6) }, ['smtp/some-host-answers example.com failed']],
  ['one of two mail servers is down', {
    zone: `${zone}\nexample.com MX 20 mx2.example.com\nmx2.example.com A 9.9.9.2`, sessions,
  }, ['smtp/every-address-answers mx2.example.com[9.9.9.2]:25 failed']],
  ['the MX host does not exist', { zone: zone.replace(/mx1.example.com A.*\n/g, ''), sessions }, ['mx/some-host-resolves example.com failed']],
  ['an expired certificate', {
    zone, sessions: { ...sessions, [at(993)]: imaps.replace('* tls', '* tls cert=old') },
    certificates: { old: { names: ['mail.example.com'], notBefore: '2026-08-20T00:00:00Z', notAfter: '2026-11-18T00:00:00Z' } },
  }, [`tls/certificate-in-date ${at(993)} failed`]],
  ['a certificate that ends tomorrow', {
    zone, sessions: { ...sessions, [at(993)]: imaps.replace('* tls', '* tls cert=old') },
    certificates: { old: { names: ['mail.example.com'], notBefore: '2026-08-25T12:00:00Z', notAfter: '2026-11-23T12:00:00Z' } },
  }, [`tls/certificate-not-about-to-expire ${at(993)} failed`]],
  ['a certificate that ends in a week', {
    zone, sessions: { ...sessions, [at(993)]: imaps.replace('* tls', '* tls cert=old') },
    certificates: { old: { names: ['mail.example.com'], notBefore: '2026-08-31T12:00:00Z', notAfter: '2026-11-29T12:00:00Z' } },
  }, [`tls/certificate-renewal-on-time ${at(993)} failed`]],
  ['imaps is declared, and its port is closed', { zone, sessions: without(at(993), at(143)) }, [`imap/reachable ${at(993)} failed`]],
  ['no service for reading answers', { zone, sessions: without(at(993), at(143), at(995), at(110)) }, ['access/retrieval-works example.com failed']],
  ['the handshake on 993 fails', {
    zone, sessions: { ...sessions, [at(993)]: '* handshake "the server sent the alert internal error"' },
  }, [`tls/handshake-completes ${at(993)} failed`]],
  ['no STARTTLS on 143, and passwords in clear', {
    zone, sessions: { ...sessions, [at(143)]: imapInClear('IMAP4rev1 AUTH=PLAIN') },
  }, [`imap/starttls-offered ${at(143)} failed`, `imap/no-plaintext-auth ${at(143)} failed`]],
  ['a web site without mail', { zone: 'example.com A 9.9.9.9\nexample.com TXT "v=spf1 -all"' }, ['mx/route-explicit example.com failed']],
  ['a null MX', { zone: 'example.com MX 0 .\nexample.com A 9.9.9.9\nexample.com TXT "v=spf1 -all"' }, []],
  ['a network that lets nothing out', {
    zone, sessions: Object.fromEntries(Object.keys(sessions).map(name => [name, '* timeout'])),
  }, []],
  ['a resolver that does not answer', { zone: 'example.com MX (timeout)' }, []],
])('%s', async (_, row, expected) => {
  expect(await failing(row)).toEqual(expected)
})

test('a resolver that answers nothing leaves every check unknown', async () => {
  const names = ['example.com', ...['_submission', '_submissions', '_imap', '_imaps', '_pop3', '_pop3s'].map(label => `${label}._tcp.example.com`)]
  const dead = names.flatMap(name => ['MX', 'A', 'AAAA', 'TXT', 'SRV', 'SOA', 'NS'].map(type => `${name} ${type} (timeout)`)).join('\n')
  const findings = await judgeWorld(ours, { zone: dead })
  expect(findings.filter(({ verdict }) => verdict !== 'unknown')).toEqual([])
  expect(new Set(findings.map(({ check }) => check)).size).toBe(ours.length)
})
