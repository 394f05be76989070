/** The mail services, as data: what is asked where, and how it becomes private (RFC 6409, 8314, 9051, 1939, 6186). */
export type Protocol = 'smtp' | 'imap' | 'pop3'
/** `starttls`: begins in clear and is upgraded. `implicit`: TLS from the first octet (RFC 8314 §3). */
export type TlsMode = 'starttls' | 'implicit'
export type ServiceName = 'smtp' | 'submission' | 'submissions' | 'imap' | 'imaps' | 'pop3' | 'pop3s'

export interface Service {
  readonly name: ServiceName
  readonly protocol: Protocol
  readonly port: number
  readonly tls: TlsMode
  /** The label of its SRV record (RFC 6186 §3, RFC 8314 §5.1); port 25 is found through MX instead. */
  readonly srv?: string
  /** What people call it. */
  readonly title: string
  readonly rfc: string
}

export const services: Readonly<Record<ServiceName, Service>> = {
  smtp: { name: 'smtp', protocol: 'smtp', port: 25, tls: 'starttls', title: 'SMTP (incoming mail)', rfc: 'RFC 5321' },
  submissions: { name: 'submissions', protocol: 'smtp', port: 465, tls: 'implicit', srv: '_submissions._tcp', title: 'submission over TLS', rfc: 'RFC 8314 §3.3' },
  submission: { name: 'submission', protocol: 'smtp', port: 587, tls: 'starttls', srv: '_submission._tcp', title: 'submission', rfc: 'RFC 6409' },
  imaps: { name: 'imaps', protocol: 'imap', port: 993, tls: 'implicit', srv: '_imaps._tcp', title: 'IMAP over TLS', rfc: 'RFC 8314 §3.2' },
  imap: { name: 'imap', protocol: 'imap', port: 143, tls: 'starttls', srv: '_imap._tcp', title: 'IMAP', rfc: 'RFC 9051' },
  pop3s: { name: 'pop3s', protocol: 'pop3', port: 995, tls: 'implicit', srv: '_pop3s._tcp', title: 'POP3 over TLS', rfc: 'RFC 8314 §3.1' },
  pop3: { name: 'pop3', protocol: 'pop3', port: 110, tls: 'starttls', srv: '_pop3._tcp', title: 'POP3', rfc: 'RFC 1939' },
}
