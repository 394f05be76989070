/**
 * A configuration profile of Apple's systems ("mobileconfig"): a property list in XML with a payload for each thing that it sets
 * up, here one mail account. Unsigned, a device shows it as such and asks before it installs it. What differs by person (name,
 * address, password) is left out; the device asks for it.
 */
import { createHash } from 'node:crypto'
import type { AdvertisedServer } from './advertised-server.ts'
import { escapeXml } from './xml.ts'

export interface ProfileAccount {
  readonly domain: string
  /** IMAP or POP3. */
  readonly incoming: AdvertisedServer
  /** SMTP. */
  readonly outgoing: AdvertisedServer
}

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

/** The same domain and servers always give the same profile, so that a new one replaces the old one on a device. */
export function formatMobileconfig({ domain, incoming, outgoing }: ProfileAccount): string {
  const identifier = `${domain.split('.').toReversed().join('.')}.mail`
  const account = {
    PayloadType: 'com.apple.mail.managed',
    PayloadVersion: 1,
    PayloadIdentifier: `${identifier}.account`,
    PayloadUUID: uuidOf(`${identifier}.account`),
    PayloadDisplayName: `Mail of ${domain}`,
    EmailAccountDescription: domain,
    EmailAccountType: incoming.protocol === 'pop3' ? 'EmailTypePOP' : 'EmailTypeIMAP',
    IncomingMailServerHostName: incoming.host,
    IncomingMailServerPortNumber: incoming.port,
    IncomingMailServerUseSSL: incoming.mode !== 'plain',
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingMailServerHostName: outgoing.host,
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: outgoing.mode !== 'plain',
    OutgoingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingPasswordSameAsIncomingPassword: true,
  }
  const profile = {
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: uuidOf(identifier),
    PayloadDisplayName: `Mail of ${domain}`,
    PayloadDescription: `Sets up an account for mail of ${domain}.`,
    PayloadContent: [account],
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    ...linesOf(profile),
    '</plist>',
  ].map(line => `${line}\n`).join('')
}

function linesOf(value: Value): string[] {
  const within = (lines: readonly string[]): string[] => lines.map(line => `\t${line}`)
  if (typeof value === 'string') return [`<string>${escapeXml(value)}</string>`]
  if (typeof value === 'number') return [`<integer>${value}</integer>`]
  if (typeof value === 'boolean') return [value ? '<true/>' : '<false/>']
  if (Array.isArray(value)) return ['<array>', ...within(value.flatMap(linesOf)), '</array>']
  return ['<dict>', ...within(Object.entries(value).flatMap(([key, part]: [string, Value]) => [`<key>${escapeXml(key)}</key>`, ...linesOf(part)])), '</dict>']
}

/** A name-based UUID of our own making (RFC 9562 §5.8, version 8). */
function uuidOf(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex')
  const variant = (8 + (Number.parseInt(digest[16] ?? '0', 16) & 3)).toString(16)
  return [digest.slice(0, 8), digest.slice(8, 12), `8${digest.slice(13, 16)}`, `${variant}${digest.slice(17, 20)}`, digest.slice(20, 32)].join('-').toUpperCase()
}
