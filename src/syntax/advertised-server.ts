/**
 * A server as set-up files advertise it to mail programs: a protocol, a host and a port, and how the connection becomes
 * private. Two formats say it in two ways, autoconfig and autodiscover; what they mean is the same.
 */
import type { Protocol, ServiceName } from '../services.ts'
import { parseHostPort } from './host-port.ts'

/** `plain`: without any TLS. */
export type AdvertisedMode = 'implicit' | 'starttls' | 'plain'

export interface AdvertisedServer {
  readonly protocol: Protocol
  /** Lower case A-labels or an IP address. */
  readonly host: string
  readonly port: number
  readonly mode: AdvertisedMode
}

/** What a mail program is pointed to: whatever its port, to hand over mail is submission. */
export type AdvertisedService = Exclude<ServiceName, 'smtp'>

const servicesOf: Readonly<Record<Protocol, Readonly<Record<'implicit' | 'starttls', AdvertisedService>>>> = {
  smtp: { implicit: 'submissions', starttls: 'submission' },
  imap: { implicit: 'imaps', starttls: 'imap' },
  pop3: { implicit: 'pop3s', starttls: 'pop3' },
}

/** The service that it is: without TLS, the one that begins in clear. */
export function advertisedService({ protocol, mode }: Pick<AdvertisedServer, 'protocol' | 'mode'>): AdvertisedService {
  return servicesOf[protocol][mode === 'implicit' ? 'implicit' : 'starttls']
}

/** A host name or address as it is compared and looked up; null for what is neither. */
export function advertisedHost(text: string): string | null {
  const parsed = parseHostPort(text.replace(/\.$/, ''))
  return parsed && parsed.port === undefined ? parsed.host : null
}

/** Null: no port. */
export function advertisedPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port > 0 && port < 65536 ? port : null
}
