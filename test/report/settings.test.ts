import { describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { domainProbes, subjectProbes } from '../../src/probes/index.ts'
import type { Mailbox } from '../../src/probes/mailbox.ts'
import { createSessions } from '../../src/probes/sessions.ts'
import { makeReport, type Report } from '../../src/report/report.ts'
import { mailSettings } from '../../src/report/settings.ts'
import { renderSettings, renderSettingsPage } from '../../src/report/text-settings.ts'
import { run } from '../../src/run.ts'
import { imap, imaps, imapsListing, pop3 as usualPop3, pop3InClear, pop3s, pop3sListing, smtp, submissions } from '../checks/transcripts.ts'
import { usualScope } from '../check-table.ts'
import { createWorld } from '../world.ts'

const at = (port: number): string => `mail.example.com[192.0.2.5]:${port}`
const selected = checks.filter(({ topic }) => ['submission', 'imap', 'pop3', 'tls'].includes(topic))

async function reportOf(sessions: Record<string, string>, zone = 'mail.example.com A 192.0.2.5'): Promise<Report> {
  const network = await createWorld({ zone, sessions })
  const result = await run(usualScope, { checks: selected, domainProbes, subjectProbes }, { network, sessions: createSessions() })
  return makeReport(usualScope, result, { startedAt: network.now(), version: '0', checks: selected })
}
const settingsOf = async (...given: Parameters<typeof reportOf>) => mailSettings(await reportOf(...given))
const shown = async (...given: Parameters<typeof reportOf>): Promise<string[]> => {
  const { reading, sending } = await settingsOf(...given)
  return [...reading, ...sending].map(({ service, host, port, authentication }) => `${service} ${host}:${port} ${authentication.join('+')}`)
}

describe('the settings', () => {
  test('are those of all that works, best first', async () => {
    expect(await shown({ [at(110)]: pop3InClear('UIDL'), [at(143)]: imap, [at(465)]: submissions, [at(587)]: smtp, [at(993)]: imaps, [at(995)]: pop3s })).toEqual([
      'imaps mail.example.com:993 password', 'imap mail.example.com:143 password', 'pop3s mail.example.com:995 password',
      'submissions mail.example.com:465 password', 'submission mail.example.com:587 password',
    ])
  })

  test('name what is declared before what is guessed, once for all addresses', async () => {
    const zone = `mail.example.com A 192.0.2.5
      imap.example.org A 192.0.2.6
      imap.example.org AAAA 2001:db8::6
      _imaps._tcp.example.com SRV 0 1 1993 imap.example.org`
    expect(await shown({ '[192.0.2.6]:1993': imaps, '[2001:db8::6]:1993': imaps }, zone)).toEqual(['imaps imap.example.org:1993 password'])
    expect((await settingsOf({ '[2001:db8::6]:1993': imaps }, zone)).reading, 'one address is enough').toHaveLength(1)
  })

  test('say how to log in', async () => {
    expect(await shown({ [at(993)]: imapsListing('IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2 AUTH=SCRAM-SHA-256') })).toEqual(['imaps mail.example.com:993 oauth2+scram'])
    expect(await shown({ [at(995)]: pop3sListing('UIDL') }), 'it does not say').toEqual(['pop3s mail.example.com:995 '])
  })

  test.each([
    ['a certificate for another host', imaps.replace('* tls', '* tls cert=other.example.net')],
    ['a certificate that nobody trusts', imaps.replace('* tls', '* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer')],
    ['no way in', imapsListing('IMAP4rev1 LOGINDISABLED')],
    ['a session that breaks before it says what it offers', '* tls\nS: * OK ready\nC: a1 CAPABILITY\n* closed'],
    ['a farewell', '* tls\nS: * BYE later'],
  ])('leave out %s', async (_, session) => {
    expect(await shown({ [at(993)]: session })).toEqual([])
  })

  test('leave out submission without a login', async () => {
    expect(await shown({ [at(465)]: submissions.replace('AUTH PLAIN LOGIN', 'HELP') })).toEqual([])
  })
})

describe('which protocol', () => {
  const advice = async (sessions: Record<string, string>): Promise<string> => (await settingsOf(sessions)).advice.join('\n')

  test('IMAP, where both are offered', async () => {
    expect(await advice({ [at(993)]: imaps, [at(995)]: pop3s })).toMatch(/^Hand out IMAP\. POP3 is for one device/)
    expect(await advice({ [at(993)]: imaps })).toMatch(/^Hand out IMAP: it is all that is offered/)
    expect(await advice({ [at(995)]: pop3s })).toMatch(/^POP3 is all that is offered/)
    expect(await advice({ [at(465)]: submissions })).toBe('')
  })

  test('IMAP says what it says, and nothing more', async () => {
    expect(await advice({ [at(993)]: imaps })).toMatch(/Not told before login: whether new mail appears at once; whether devices agree/)
    const all = await advice({ [at(993)]: imapsListing('IMAP4rev2 CONDSTORE QUOTA AUTH=PLAIN') })
    expect(all).toMatch(/New mail appears at once\. Several devices agree.*quickly\. Programs can show how full/)
    expect(all).not.toContain('Not told')
  })

  test.each([
    [['UIDL', 'EXPIRE NEVER'], /numbers its messages.*What is left there stays/],
    [['TOP'], /does not number.*How long it stays there is not said/],
    [['UIDL', 'EXPIRE 0'], /may be deleted: the only copy/],
    [['UIDL', 'EXPIRE 7 USER', 'LOGIN-DELAY 900'], /after 7 days or later, which differs by person\. 900 seconds have to pass/],
  ])('POP3 that lists %j', async (listed, words) => {
    expect(await advice({ [at(995)]: pop3sListing(...listed) })).toMatch(words)
  })

  describe('after a login', () => {
    const after = async (sessions: Record<string, string>, mailboxes: Record<string, Mailbox>): Promise<string> => {
      const report = await reportOf(sessions)
      const logins = Object.entries(mailboxes).map(([name, mailbox]) => ({ name, logins: [{ letIn: true, mailbox }], wrong: null }))
      return mailSettings({ ...report, facts: { ...report.facts, logins } }).advice.join('\n')
    }
    const imapAfter = (mailbox: Mailbox): Promise<string> => after({ [at(993)]: imaps }, { [at(993)]: mailbox })
    const pop3After = (mailbox: Mailbox, other: Mailbox = {}): Promise<string> =>
      after({ [at(995)]: pop3s, [at(110)]: usualPop3 }, { [at(995)]: mailbox, [at(110)]: other })

    test('what IMAP lacks is known, and so are folders and quota', async () => {
      const poor = await imapAfter({ offer: ['* CAPABILITY IMAP4rev1', 'a3 OK'] })
      expect(poor).toMatch(/New mail appears when a program asks.*may disagree on the folders.*take their time.*cannot show how full/)
      expect(poor).not.toContain('Not told')
      const rich = await imapAfter({
        offer: ['* CAPABILITY IMAP4rev1 IDLE SPECIAL-USE MOVE UIDPLUS CONDSTORE QUOTA', 'a3 OK'], quota: ['* QUOTA "" (STORAGE 512 1024)', 'a5 OK'],
        folders: ['* LIST (\\HasNoChildren \\Sent) "/" Sent', '* LIST (\\Trash) "/" "Bin (old)"', 'a6 OK'],
      })
      expect(rich).toMatch(/at once\. Several devices agree.*quickly\. Programs can show.*marked for sent mail and deleted mail\. The mailbox that was logged in to is 50 % full\./)
      expect(await imapAfter({ offer: ['* CAPABILITY IMAP4rev2', 'a3 OK'], folders: ['* LIST () "/" INBOX', 'a6 OK'] })).toContain('No folder of the mailbox is marked')
      expect(await imapAfter({ offer: ['* CAPABILITY IMAP4rev2', 'a3 OK'], folders: ['a6 NO later'] })).not.toMatch(/folder of the mailbox|marked for/)
    })

    test.each<[string, Mailbox, Mailbox | undefined, RegExp]>([
      ['the same in two logins', { uidl: ['+OK 1 aa'], uidl2: ['+OK 2 bb'] }, { uidl: ['+OK 1 aa'] }, /In two logins the numbers were the same/],
      ['others each time', { uidl: ['+OK 1 aa'] }, { uidl: ['+OK 1 zz'] }, /numbers changed from one login to the next/],
      ['the same for two messages', { uidl: ['+OK 1 aa'], uidl2: ['+OK 2 aa'] }, undefined, /two messages had the same number/],
      ['refused', { uidl: ['-ERR unknown command'] }, undefined, /After the login it did not number them/],
    ])('numbers of POP3: %s', async (_, mailbox, other, words) => {
      expect(await pop3After(mailbox, other)).toMatch(words)
    })

    test('an empty mailbox shows no numbers', async () => {
      expect(await pop3After({ uidl: ['+OK', '.'] }, { uidl: ['+OK', '.'] })).not.toMatch(/logins|login/)
    })
  })

  test('POP3 without CAPA', async () => {
    expect(await advice({ [at(995)]: '* tls\nS: +OK ready\nC: CAPA\nS: -ERR' })).toContain('does not say what else it can do')
  })
})

test('as text: a section of the report, and a page that says so when there is nothing', async () => {
  const report = await reportOf({ [at(993)]: imaps, [at(465)]: submissions })
  const text = renderSettingsPage(report, { width: 80, colour: false })
  expect(text).toContain('IMAP: mail.example.com, port 993, SSL/TLS, normal password')
  expect(text).toContain('as in name@example.com')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  const nothing = await reportOf({})
  expect(renderSettings(nothing, { width: 80, paint: (_, word) => word })).toEqual([])
  expect(renderSettingsPage(nothing, { width: 80, colour: false })).toMatch(/nothing to\s+type in/)
})
