/** From the definition of a service to what serves a connection: its port, its defaults, its dialogue. */
import type { Socket } from 'node:net'
import { services } from '../services.ts'
import type { CertificateDefinition, LabService, PageDefinition, ServerDefinition, ServiceDefinition } from './definition.ts'
import type { Behaviour, Dialogue } from './dialogue.ts'
import { parseDuration } from './duration.ts'
import type { DkimSigner } from './dkim-signer.ts'
import { servePages, type Page } from './https-server.ts'
import { imapDialogue } from './imap-dialogue.ts'
import type { Issuers } from './issuers.ts'
import { serveLines } from './line-server.ts'
import type { Mailboxes } from './mailboxes.ts'
import { pop3Dialogue } from './pop3-dialogue.ts'
import { postman } from './postman.ts'
import { smtpDialogue } from './smtp-dialogue.ts'
import { tlsOptions, type TlsOptions } from './tls-identity.ts'
import { WorldError } from './world-error.ts'
import type { AcceptedOffer } from '../syntax/server-hello.ts'

export interface ServiceContext {
  readonly server: ServerDefinition
  readonly name: LabService
  readonly service: ServiceDefinition
  readonly certificates: Readonly<Record<string, CertificateDefinition>>
  readonly issuers: Issuers
  /** When the world started: spans count from there. */
  readonly now: Date
  /** Where SMTP accepts mail for unless the service says otherwise. */
  readonly mailboxes: readonly string[]
  readonly mail: Mailboxes
  readonly signer: DkimSigner
}

export function servicePort(name: LabService): number {
  return name === 'https' ? 443 : name === 'http' ? 80 : services[name].port
}

/** @throws WorldError when the service lacks what it needs. */
export async function serviceHandler(context: ServiceContext): Promise<(socket: Socket) => void> {
  const { server: { host }, name, service } = context
  const tls = await identityOf(context)
  const pages = Object.fromEntries(await Promise.all(Object.entries(service.pages ?? {}).map(async ([path, page]) => [path, await pageOf(page, context)] as const)))
  if (name === 'http') return servePages(pages, null)
  if (name === 'https') {
    if (!tls) throw new WorldError([`${host} https: names no certificate`])
    return servePages(pages, tls)
  }
  const { protocol, tls: mode } = services[name]
  const implicit = mode === 'implicit'
  if (implicit && !tls && !service.fault) throw new WorldError([`${host} ${name}: names no certificate`])
  if (service.pages) throw new WorldError([`${host} ${name}: pages are for http and https alone`])
  const offers = service.offers ?? defaultOffers(name).filter(offer => tls !== undefined || !/^(?:STARTTLS|STLS)$/.test(offer))
  const { mail } = context
  const post = postman({ host, address: context.server.addresses[0] ?? '', delivery: service.delivery, mail, signer: context.signer })
  const behaviour: Behaviour = {
    mail,
    ...service.delivery || name === 'submission' || name === 'submissions' ? { takeMail: post.take, defer: post.defer } : {},
    host,
    implicit,
    offers,
    offersOverTls: service.offersOverTls ?? defaultOffersOverTls(name),
    replies: service.replies,
    users: service.users,
    anyPassword: service.anyPassword,
    offersAfterLogin: service.offersAfterLogin ?? afterLogin(name, service.offersOverTls ?? defaultOffersOverTls(name)),
    mailboxes: service.mailboxes ?? context.mailboxes,
    refusesNullSender: service.nullSender === 'refused',
    submission: (name === 'submission' || name === 'submissions') && !service.openSubmission,
    ...(service.greeting && { greeting: service.greeting }),
  }
  return serveLines({
    dialogue: () => dialogues[protocol](behaviour),
    implicit,
    tls,
    fault: service.fault === 'refuse' ? undefined : service.fault,
    delay: service.delay === undefined ? 0 : parseDuration(service.delay),
    drip: service.drip === undefined ? 0 : parseDuration(service.drip),
    inject: service.inject ?? [],
    keepsPlaintext: service.keepsPlaintext,
  })
}

async function pageOf({ crl, ...page }: PageDefinition, { issuers, certificates, now }: ServiceContext): Promise<Page> {
  if (!crl) return { ...page, body: withMoments(page.body, now) }
  return { ...page, headers: { 'content-type': 'application/pkix-crl', ...page.headers }, body: await issuers.revocationList(crl, certificates) }
}

/** `{+40d}`: the moment, to the second. */
function withMoments(body: string, now: Date): string {
  return body.replace(/\{([+-]\d+(?:ms|s|m|h|d))\}/g, (_, span: string) => `${new Date(now.getTime() + parseDuration(span)).toISOString().slice(0, 19)}Z`)
}

const dialogues: Readonly<Record<'smtp' | 'imap' | 'pop3', (behaviour: Behaviour) => Dialogue>> = {
  smtp: smtpDialogue, imap: imapDialogue, pop3: pop3Dialogue,
}

/** In clear: nothing that would take a password (RFC 8314 §4.1, RFC 9051 §11.2, RFC 2595 §2.1). */
function defaultOffers(name: Exclude<LabService, 'http' | 'https'>): string[] {
  switch (services[name].protocol) {
    case 'smtp': return ['PIPELINING', 'SIZE 52428800', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'STARTTLS']
    case 'imap': return ['IMAP4rev1', 'IMAP4rev2', 'ID', 'LITERAL+', 'STARTTLS', 'LOGINDISABLED']
    case 'pop3': return ['TOP', 'UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', 'EXPIRE NEVER', 'STLS']
  }
}

function defaultOffersOverTls(name: Exclude<LabService, 'http' | 'https'>): string[] {
  const offers = defaultOffers(name).filter(offer => !['STARTTLS', 'STLS', 'LOGINDISABLED'].includes(offer))
  switch (services[name].protocol) {
    case 'smtp': return name === 'smtp' ? offers : [...offers, 'AUTH PLAIN LOGIN']
    case 'imap': return [...offers, 'SASL-IR', 'IDLE', 'CONDSTORE', 'QUOTA', 'AUTH=PLAIN']
    case 'pop3': return [...offers, 'USER', 'SASL PLAIN']
  }
}

/** Mechanisms have done their work; IMAP tells more to those whom it knows (RFC 9051 §6.1.1). */
function afterLogin(name: Exclude<LabService, 'https' | 'http'>, offers: readonly string[]): string[] {
  const left = offers.filter(offer => !/^(?:AUTH\b|SASL\b|USER$|LOGINDISABLED$)/i.test(offer))
  return services[name].protocol === 'imap' ? [...new Set([...left, 'SPECIAL-USE', 'LIST-EXTENDED', 'MOVE', 'UIDPLUS'])] : left
}

async function identityOf({ server, name, service, certificates, issuers }: ServiceContext): Promise<TlsOptions | undefined> {
  const choice = service.certificate ?? server.certificate
  if (choice === undefined) return undefined
  const issue = (certificate: string) => {
    const definition = certificates[certificate]
    if (!definition) throw new WorldError([`${server.host} ${name}: there is no certificate "${certificate}"`])
    return issuers.issueFor(server.host, definition)
  }
  if (service.secondCertificate !== undefined && typeof choice !== 'string') throw new WorldError([`${server.host} ${name}: a second certificate stands beside one for all names`])
  const second = service.secondCertificate === undefined ? undefined : await issue(service.secondCertificate)
  const byName = Object.entries(typeof choice === 'string' ? { '*': choice } : choice).map(async ([sni, certificate]) =>
    [sni, { ...await issue(certificate), ...(second ? { second } : {}) }] as const)
  const { from = 'TLSv1.2', to = 'TLSv1.3', ciphers, named = false, takes = [] } = service.tls ?? {}
  const offers = takes.map(line => {
    const taken = parseOffer(line)
    if (!taken) throw new WorldError([`${server.host} ${name}: takes "${line}": expected a version and a cipher, like SSLv3 TLS_RSA_WITH_RC4_128_SHA RSA`])
    return taken
  })
  return tlsOptions({ certificates: new Map(await Promise.all(byName)), from, to, ciphers, named, takes: offers })
}

/** `TLSv1.2 TLS_DHE_RSA_WITH_AES_128_CBC_SHA "DH 1024" master-secret renegotiation`, without the quotes if there is no space. */
function parseOffer(line: string): AcceptedOffer | null {
  const [, version, cipher, rest] = /^(\S+) (TLS_\S+)(?: (.*))?$/.exec(line.trim()) ?? []
  if (version === undefined || cipher === undefined) return null
  const words = rest ?? ''
  const [keyExchange = null] = /DH \d+|X25519(?:MLKEM768)?|X448|RSA|SecP\w+|(?:sec[pt]|brainpool)\w+/.exec(words) ?? []
  return {
    accepted: true, version, cipher, keyExchange, extendedMasterSecret: words.includes('master-secret'),
    secureRenegotiation: words.includes('renegotiation'), compression: words.includes('compression'), chain: [],
  }
}
