/** The settings as files that mail programs read: an autoconfig file, a profile for Apple's systems. Only what was seen to work. */
import { formatAutoconfig, type AutoconfigServer } from '../syntax/autoconfig.ts'
import { formatMobileconfig } from '../syntax/mobileconfig.ts'
import type { LoginMethod, MailSetting, MailSettings } from './settings.ts'

export type SettingsFile = { readonly text: string } | { readonly missing: string }

/** As the draft calls them. What a server does not say is what nearly all of them take. */
const methods: Readonly<Record<LoginMethod, string>> = { password: 'password-cleartext', oauth2: 'OAuth2', scram: 'password-encrypted' }

export function autoconfigFile({ domain, reading, sending }: MailSettings): SettingsFile {
  const missing = lacking(reading, sending)
  if (missing !== null) return { missing: `${missing}, and an autoconfig file names one server of each kind` }
  return { text: formatAutoconfig(domain, [...reading, ...sending].map(serverOf)) }
}

/** One account: the first server of each kind that takes a password. */
export function profileFile({ domain, reading, sending }: MailSettings): SettingsFile {
  const missing = lacking(reading, sending)
  if (missing !== null) return { missing: `${missing}, and a profile sets up an account that does both` }
  const takesPassword = ({ authentication }: MailSetting): boolean => authentication.length === 0 || authentication.some(method => method !== 'oauth2')
  const [incoming, outgoing] = [reading.find(takesPassword), sending.find(takesPassword)]
  if (!incoming || !outgoing) return { missing: 'the servers want OAuth2, which a profile cannot set up' }
  return { text: formatMobileconfig({ domain, incoming: serverOf(incoming), outgoing: serverOf(outgoing) }) }
}

function lacking(reading: readonly MailSetting[], sending: readonly MailSetting[]): string | null {
  if (reading.length + sending.length === 0) return 'no service was seen to work'
  if (reading.length === 0) return 'no service for reading mail was seen to work'
  return sending.length === 0 ? 'no service for sending mail was seen to work' : null
}

function serverOf({ protocol, host, port, security, authentication }: MailSetting): AutoconfigServer {
  return {
    protocol, host, port, mode: security === 'tls' ? 'implicit' : 'starttls',
    authentication: (authentication.length === 0 ? ['password' as const] : authentication).map(method => methods[method]),
  }
}
