/**
 * A world as it is written down: zones in the notation of zone files, servers by host, certificates by their flaws. One
 * file describes one or several domains; what is not said is as a careful postmaster would have it.
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import { durationPattern } from './duration.ts'

const line = z.string().regex(/^[\x20-\x7e\t]*$/, 'must be one line of printable ASCII')
/** One line, or a list of lines. */
const lines = z.union([line, z.array(line).min(1)]).transform(value => typeof value === 'string' ? [value] : value)
const hostName = z.string().regex(/^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/,
  'must be a name in lower case, without final dot')
const duration = z.string().regex(durationPattern, 'must be a span such as -10d, +90d or 250ms')
const address = z.string().refine(value => isIP(value) !== 0, 'must be an IPv4 or IPv6 address')
const tlsVersion = z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])

const certificate = z.strictObject({
  /** subjectAltName; the first is the CN too, unless `commonName` says otherwise. Absent: the host of the server that shows it. */
  names: z.array(z.string()).optional(),
  addresses: z.array(address).default([]),
  commonName: z.string().optional(),
  /** Against the moment the world starts. */
  from: duration.default('-10d'),
  until: duration.default('+80d'),
  /** `public`: the world's own public CA. `self`: signed with its own key. `unknown`: a CA that nobody trusts. */
  issuer: z.enum(['public', 'self', 'unknown']).default('public'),
  /** What the server sends: `leaf` leaves the intermediate out, `with-root` adds the root. */
  chain: z.enum(['complete', 'leaf', 'with-root']).default('complete'),
  key: z.enum(['ec256', 'ec384', 'ed25519', 'rsa1024', 'rsa2048', 'rsa4096']).default('ec256'),
  hash: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).default('sha256'),
  /** Where its issuer lists what is revoked. */
  crl: z.url().optional(),
})

/** A list of the revoked, signed by the issuer of these certificates. */
const revocationList = z.strictObject({
  /** Certificates of this world that say their names. */
  revoked: z.array(z.string()).default([]),
  issuer: z.enum(['public', 'unknown']).default('public'),
  /** Against the moment the world starts. */
  from: duration.default('-1d'),
  until: duration.default('+7d'),
})

const page = z.union([z.string(), z.strictObject({
  status: z.int().min(200).max(599).default(200),
  headers: z.record(z.string(), line).default({}),
  body: z.string().default(''),
  /** In place of a body. */
  crl: revocationList.nullable().transform(value => value ?? revocationList.parse({})).optional(),
})]).transform(value => typeof value === 'string' ? { status: 200, headers: {}, body: value, crl: undefined } : value)

/** Which certificate answers: one for all, or by the name the client asks for (SNI), `*` for any other. */
const certificateChoice = z.union([z.string(), z.record(z.string(), z.string())])

/** What becomes of messages that are submitted: by default they come into the inbox of whom they are for, at once. */
const fate = z.strictObject({
  folder: z.enum(['INBOX', 'Junk']).default('INBOX'),
  /** From the reply to the message until it is in the mailbox, or comes back. */
  after: duration.default('0s'),
  /** So often it is refused for now at RCPT. */
  deferred: z.int().min(0).default(0),
  /** With these words. */
  deferral: line.default('451 4.7.1 Greylisted, please try again later'),
  /** Taken, and never seen again. */
  lost: z.boolean().default(false),
  /** Taken, and returned to its sender with this: `5.1.1 there is no such user`. */
  returned: line.optional(),
})
export type Fate = z.output<typeof fate>

const delivery = z.strictObject({
  /** The server that takes it from this one, and writes its own stamp. */
  receiver: hostName.optional(),
  /** What that one writes into Authentication-Results, behind its name; in it {from} and {domain} stand for the sender and its domain. */
  results: line.optional(),
  /** Signs what is submitted, with the key that zones publish as {dkim}. */
  sign: z.strictObject({ domain: hostName, selector: z.string() }).optional(),
  /** By recipient, where it is not the usual one. */
  fates: z.record(z.string(), fate).default({}),
})
export type Delivery = z.output<typeof delivery>

const service = z.strictObject({
  certificate: certificateChoice.optional(),
  /** Beside one for all names: a certificate with a key of the other kind (RSA, elliptic curve). */
  secondCertificate: z.string().optional(),
  tls: z.strictObject({
    from: tlsVersion.default('TLSv1.2'),
    to: tlsVersion.default('TLSv1.3'),
    /** In OpenSSL's notation, for TLS 1.2 and older; unless told, `DEFAULT:!kRSA`, which is without RSA key transport. */
    ciphers: line.optional(),
    /** Refuses clients that give no name (SNI). */
    named: z.boolean().default(false),
    /**
     * What it takes besides and OpenSSL no longer has, in the notation of transcripts: `SSLv3 TLS_RSA_WITH_RC4_128_SHA RSA`. A hello
     * that offers the cipher, and nothing that OpenSSL could choose, gets that answer; no session comes of it.
     */
    takes: z.array(line).default([]),
  }).optional(),
  greeting: lines.optional(),
  /** EHLO extensions, IMAP capabilities or CAPA lines before TLS, and over it. */
  offers: z.array(line).optional(),
  offersOverTls: z.array(line).optional(),
  /** Replies in place of the ordinary ones, by command word; IMAP completion lines without their tag. */
  replies: z.record(z.string().regex(/^[A-Z]+$/, 'must be a command word in upper case'), lines).default({}),
  /** Where SMTP accepts mail for; by default anybody in the domains of the world. */
  mailboxes: z.array(z.string()).optional(),
  /** SMTP: bounces are refused. */
  nullSender: z.enum(['accepted', 'refused']).default('accepted'),
  /** Submission: mail is taken from those who have not logged in. */
  openSubmission: z.boolean().default(false),
  /** Who may log in: passwords by name. */
  users: z.record(z.string(), line).default({}),
  /** Submission: what becomes of mail. */
  delivery: delivery.optional(),
  /** Any password lets in whoever it is. */
  anyPassword: z.boolean().default(false),
  /** Capabilities for somebody who is logged in; else the same as over TLS. */
  offersAfterLogin: z.array(line).optional(),
  /** Sent in clear together with the consent to STARTTLS. */
  inject: lines.optional(),
  /** What the client says in clear behind STARTTLS is answered inside TLS. */
  keepsPlaintext: z.boolean().default(false),
  /**
   * `refuse`: nothing listens. `silent`: accepts and says nothing. `close`: accepts and hangs up. `handshake`: hangs up
   * when TLS begins. `cleartext`: speaks in clear where TLS belongs. `flood`: a line without end. `endless`: lines without end.
   */
  fault: z.enum(['refuse', 'silent', 'close', 'handshake', 'cleartext', 'flood', 'endless']).optional(),
  /** Before the greeting. */
  delay: duration.optional(),
  /** Between two octets. */
  drip: duration.optional(),
  /** What HTTP and HTTPS serve, by path, with a query or for any. `{+40d}` in a body is that moment, in RFC 3339. */
  pages: z.record(z.string().startsWith('/'), page).optional(),
})

export const serviceNames = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s', 'http', 'https'] as const
export type LabService = (typeof serviceNames)[number]

const server = z.strictObject({
  host: hostName,
  addresses: z.array(address).min(1),
  /** For all its services that name none of their own. */
  certificate: certificateChoice.optional(),
  services: z.partialRecord(z.enum(serviceNames), service.nullable().transform(value => value ?? service.parse({}))),
})

const dnssec = z.strictObject({
  /** The signatures, against the moment the world starts. */
  from: duration.default('-7d'),
  until: duration.default('+14d'),
  algorithm: z.literal([5, 7, 8, 13]).default(13),
  /** Of RSA keys. */
  bits: z.literal([1024, 2048]).default(2048),
  /** Of the DS record: SHA-1, SHA-256, SHA-384. */
  digest: z.literal([1, 2, 4]).default(2),
  /** The parent vouches for the key. */
  ds: z.boolean().default(true),
  /** The resolver refuses it all with SERVFAIL, unless it is told not to check. */
  bogus: z.boolean().default(false),
})
export type Dnssec = z.output<typeof dnssec>
export const usualDnssec: Dnssec = dnssec.parse({})

const zone = z.union([z.string(), z.strictObject({
  /** It has a key and signatures, and its answers are secure: the resolver sets AD. */
  signed: z.boolean().default(false),
  dnssec: dnssec.optional(),
  /** The name servers that the parent names; else those of the zone, and these are two that keep every zone without NS. */
  delegation: z.array(hostName).optional(),
  /**
   * The zone that it is a copy of, but for `records`: what they say of a name and type stands in place of what was copied,
   * and `name TYPE (none)` takes away.
   */
  like: hostName.optional(),
  records: z.string().default(''),
})]).transform(value => typeof value === 'string'
  ? { signed: false, like: undefined, records: value, dnssec: undefined, delegation: undefined } : value)

/** Name servers that are not as they should be, by their addresses. */
const nameserver = z.strictObject({
  addresses: z.array(address).min(1),
  /**
   * `closed`: nothing listens. `silent`: it answers nothing. `refused`, `servfail`: it says so to everything.
   * `lame`: it answers without authority, as from a cache.
   */
  fault: z.enum(['closed', 'silent', 'refused', 'servfail', 'lame']).optional(),
  /** False: it hangs up. */
  tcp: z.boolean().default(true),
  /** Its own copies of zones: what they say of a name and type stands in place of what the zone has. */
  zones: z.record(hostName, z.string()).default({}),
})

const domain = z.strictObject({
  about: z.string().default(''),
  /** What its owner would declare in the configuration. */
  selectors: z.array(z.string()).default([]),
  /** Mailboxes of its own, as the configuration has them. */
  accounts: z.array(z.strictObject({
    service: z.enum(['submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s']), user: z.string(), password: z.string().regex(/^(?:env|file):/), mechanism: z.string().optional(),
  })).optional(),
  /** Hosts that send as it, as the configuration has them. */
  senders: z.array(z.strictObject({ address, mailFrom: z.string().optional(), dkim: z.string().optional() })).optional(),
})

export const worldShape = z.strictObject({
  about: z.string().default(''),
  /** The domains to check; names that only serve others need no mention. */
  domains: z.record(hostName, domain.nullable().transform(value => value ?? domain.parse({}))).default({}),
  zones: z.record(z.union([hostName, z.literal('')]), zone).default({}),
  certificates: z.record(z.string(), certificate).default({}),
  servers: z.array(server).default([]),
  nameservers: z.array(nameserver).default([]),
  /** Where its registries are, and who watches its routes: what the configuration would say. */
  thirdParties: z.strictObject({ rdapBootstrap: z.url().optional(), routeOrigins: z.url().optional() }).optional(),
})

/** As written. */
export type WorldDefinition = z.input<typeof worldShape>
/** With every default filled in. */
export type World = z.output<typeof worldShape>
export type ServiceDefinition = z.output<typeof service>
export type CertificateDefinition = z.output<typeof certificate>
export type PageDefinition = z.output<typeof page>
export type ServerDefinition = z.output<typeof server>
