/** The settings for people: in the report as a section, and as all that `mailcheck settings` prints. */
import { painter } from './paint.ts'
import type { Report } from './report.ts'
import { mailSettings, type LoginMethod, type MailSetting } from './settings.ts'
import type { Page } from './text.ts'
import { harmless, visible } from './visible.ts'
import { wrap } from './wrap.ts'

/** As mail programs say it. */
export const protocolNames = { imap: 'IMAP', pop3: 'POP3', smtp: 'SMTP' } as const
export const securityNames = { tls: 'SSL/TLS', starttls: 'STARTTLS' } as const
export const methodNames: Readonly<Record<LoginMethod, string>> = { password: 'normal password', oauth2: 'OAuth2', scram: 'encrypted password (SCRAM)' }

/** Empty when nothing was seen to work. */
export function renderSettings(report: Report, { width, paint }: Pick<Page, 'width' | 'paint'>): string[] {
  const { domain, reading, sending, advice } = mailSettings(report)
  if (reading.length + sending.length === 0) return []
  const list = (title: string, settings: readonly MailSetting[]): string[] => (settings.length === 0 ? [] : [
    `  ${title}${settings.length > 1 ? ', best first' : ''}`,
    ...settings.flatMap(setting => hanging(lineOf(setting), width, '    ', '      ')),
  ])
  return [
    paint('bold', 'Settings for mail programs'),
    ...list('To read mail', reading),
    ...list('To send mail', sending),
    ...hanging(`User name: the whole address, as in name@${visible(domain)}; if that is refused, the part before the @.`, width, '  ', '    '),
    ...(advice.length > 0 ? ['', paint('bold', 'Which protocol to read mail with'), ...advice.flatMap(text => hanging(text, width, '  ', '    '))] : []),
  ]
}

/** What `mailcheck settings` prints. */
export function renderSettingsPage(report: Report, { width, colour }: { readonly width: number; readonly colour: boolean }): string {
  const paint = painter(colour)
  const lines = renderSettings(report, { width, paint })
  const none = wrap('No submission, IMAP or POP3 service was seen to work, so there is nothing to type in. "mailcheck '
    + `${visible(report.domain)} --only submission --only imap --only pop3 --only tls" says why.`, width)
  const seen = lines.length > 0 ? [] : report.vantage.flatMap(line => wrap(harmless(line), width))
  return `${[paint('bold', harmless(report.shownAs)), ...(lines.length > 0 ? lines : [...seen, ...none])].join('\n')}\n`
}

function lineOf({ protocol, host, port, security, authentication }: MailSetting): string {
  const login = authentication.map(method => methodNames[method]).join(' or ')
  return `${protocolNames[protocol]}: ${visible(host)}, port ${port}, ${securityNames[security]}${login === '' ? '' : `, ${login}`}`
}

function hanging(text: string, width: number, first: string, others: string): string[] {
  return wrap(text, width - others.length).map((line, i) => `${i === 0 ? first : others}${line}`)
}
