import { describe, expect, test } from 'vitest'
import { autoconfigFile, profileFile } from '../../src/report/settings-files.ts'
import type { MailSetting, MailSettings } from '../../src/report/settings.ts'
import { parseAutoconfig } from '../../src/syntax/autoconfig.ts'

const imaps: MailSetting = {
  service: 'imaps', protocol: 'imap', host: 'mail.example.com', port: 993, security: 'tls', authentication: ['password', 'oauth2'], declared: true,
}
const pop3: MailSetting = { ...imaps, service: 'pop3', protocol: 'pop3', port: 110, security: 'starttls', authentication: [] }
const submission: MailSetting = { ...imaps, service: 'submission', protocol: 'smtp', port: 587, security: 'starttls', authentication: ['scram'] }
const of = (reading: readonly MailSetting[], sending: readonly MailSetting[], domain = 'example.com'): MailSettings =>
  ({ domain, reading, sending, userName: ['address', 'local-part'], advice: [] })
const text = (file: ReturnType<typeof autoconfigFile>): string => ('text' in file ? file.text : `missing: ${file.missing}`)

describe('the autoconfig file', () => {
  test('lists all, best first, with what each takes', () => {
    const written = text(autoconfigFile(of([imaps, pop3], [submission])))
    expect(parseAutoconfig(written, 'example.com')?.servers.map(({ protocol, port, mode }) => `${protocol} ${port} ${mode}`))
      .toEqual(['imap 993 implicit', 'pop3 110 starttls', 'smtp 587 starttls'])
    expect([...written.matchAll(/<authentication>(.*)</g)].map(([, method]) => method)).toEqual(['password-cleartext', 'OAuth2', 'password-cleartext', 'password-encrypted'])
  })

  test('has no name that is longer than the draft lets one be', () => {
    const long = `${'a'.repeat(61)}.example`
    expect(text(autoconfigFile(of([imaps], [submission], long)))).not.toContain('display')
  })

  test.each([[[], [submission], /reading mail/], [[imaps], [], /sending mail/], [[], [], /no service/]])('needs both kinds', (reading, sending, words) => {
    expect(text(autoconfigFile(of(reading, sending)))).toMatch(words)
    expect(text(profileFile(of(reading, sending)))).toMatch(words)
  })
})

describe('the profile', () => {
  test('sets up the best that takes a password', () => {
    const written = text(profileFile(of([{ ...imaps, authentication: ['oauth2'] }, pop3], [submission])))
    expect(written).toMatch(/EmailTypePOP[^]*<integer>110</)
    expect(text(profileFile(of([{ ...imaps, authentication: ['oauth2'] }], [submission])))).toMatch(/OAuth2/)
  })

  test('differs by domain, in its identifiers too', () => {
    const uuids = (domain: string): string[] => [...text(profileFile(of([imaps], [submission], domain))).matchAll(/<string>([0-9A-F-]{36})</g)].map(([, uuid = '']) => uuid)
    expect(new Set([...uuids('example.com'), ...uuids('example.net')]).size).toBe(4)
    expect(uuids('example.com')[0]).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/)
  })
})
