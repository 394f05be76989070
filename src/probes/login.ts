/**
 * One login with an account of the user’s (RFC 4954, RFC 9051 §6.2, RFC 5034): inside TLS with a server whose certificate is
 * trusted and names it, by the strongest mechanism that both know, once. What a secret is made into is shown as "***"
 * everywhere; a replay follows its recording and needs no secret.
 */
import type { Endpoint, Network, TlsSession } from '../network/network.ts'
import { imap, pop3, smtp, type Dialect } from '../protocols/dialects.ts'
import type { LineSession } from '../protocols/line-session.ts'
import { chooseMechanism, isMutual, saslExchange, type Mechanism, type SaslExchange } from '../protocols/sasl.ts'
import type { Account } from '../scope.ts'
import type { Protocol } from '../services.ts'
import { certificateCovers, parseCertificate } from '../syntax/certificate.ts'
import { endPointBinding } from '../syntax/end-point-binding.ts'
import { imapCapabilities, imapMechanisms, parseImapStatus } from '../syntax/imap.ts'
import { pop3Capabilities } from '../syntax/pop3.ts'
import { shownChallenge } from '../syntax/challenge.ts'
import { authMechanisms } from '../syntax/smtp.ts'
import { converse, sessionFacts, startTls } from './converse.ts'
import { readMailbox, type Mailbox } from './mailbox.ts'
import { openSmtp } from './open-smtp.ts'
import type { Reply, SessionFacts, SmtpFacts } from './session.ts'

/** A way in that is the protocol’s own: IMAP’s LOGIN, POP3’s USER and PASS. */
export type OwnCommand = 'LOGIN command' | 'USER command'

export interface LoginFacts extends SessionFacts {
  readonly protocol: Protocol
  readonly user: string
  /** As the configuration wishes. */
  readonly asked?: string
  /** What the server offers inside TLS. */
  offer?: Reply
  mechanism?: Mechanism | OwnCommand
  /** Why nothing was tried. */
  untried?: 'no-tls' | 'untrusted' | 'elsewhere' | 'no-mechanism' | 'logged-in'
  /** The reply that ends the login. */
  reply?: Reply
  letIn?: boolean
  /** Why we broke it off, with a server that does not keep to the mechanism. */
  gaveUp?: string
  /** Of a mechanism in which the server proves that it knows the password, too: did it? */
  serverProven?: boolean
  /** What was to be seen then; absent after a wrong password. */
  mailbox?: Mailbox
}

export interface LoginPlan {
  readonly account: Account
  readonly ehloName: string
  /** In place of the account’s own: who is let in with it is let in with anything. */
  readonly wrong?: () => string
}

const dialects: Readonly<Record<Protocol, Dialect>> = { smtp, imap, pop3 }

export function loginFacts(protocol: Protocol, endpoint: Endpoint, { user, mechanism: asked }: Account): LoginFacts {
  return { protocol, ...sessionFacts(endpoint), user, ...(asked === undefined ? {} : { asked }) }
}

export function logIn(network: Network, facts: LoginFacts, plan: LoginPlan): Promise<LoginFacts> {
  return converse(facts, network, dialects[facts.protocol], { attempts: 1 }, async session => {
    if (await enter(facts, session, plan) && !plan.wrong) await readMailbox(facts.protocol, session, facts.mailbox = {})
  })
}

/** From the greeting to the reply that ends the login; true when somebody was let in. */
export async function enter(facts: LoginFacts, session: LineSession, plan: LoginPlan): Promise<boolean> {
  const offered = await offerInsideTls(facts, session, plan)
  if (!offered) return false
  if (!facts.tls || !isTrusted(facts.tls, facts.endpoint.host)) {
    facts.untried = 'untrusted'
    return false
  }
  const mechanism = waysIn(facts.protocol, offered.mechanisms, offered.command, plan.account.mechanism)
  if (mechanism === null) {
    facts.untried = 'no-mechanism'
    return false
  }
  facts.mechanism = mechanism
  const secret = plan.wrong ?? plan.account.secret ?? (() => null)
  if (mechanism === 'LOGIN command') await loginCommand(facts, session, secret)
  else if (mechanism === 'USER command') await userCommand(facts, session, secret)
  else await authenticate(facts, session, { mechanism, secret, ...offered })
  facts.letIn = facts.reply !== undefined && session.dialect.agrees(facts.reply)
  return facts.letIn
}

interface Offered {
  readonly mechanisms: readonly string[]
  /** Does the protocol’s own command take a password? */
  readonly command: boolean
  /** May the first message stand beside the command (RFC 4954 §4, RFC 4959)? */
  readonly initial: boolean
}

/** Null: it did not come to TLS, or the session is logged in already. */
async function offerInsideTls(facts: LoginFacts, session: LineSession, { ehloName }: LoginPlan): Promise<Offered | null> {
  switch (facts.protocol) {
    case 'smtp': {
      const heard = facts as LoginFacts & SmtpFacts
      if (!(await openSmtp(heard, session, { ehloName, secure: true }))) return null
      facts.offer = heard.ehloOverTls ?? []
      return { mechanisms: authMechanisms(facts.offer), command: false, initial: true }
    }
    case 'imap': {
      if (parseImapStatus(facts.greeting?.[0] ?? '').status === 'PREAUTH') {
        facts.untried = 'logged-in'
        return null
      }
      if (!facts.tls && !(await startTls(facts, session, 'STARTTLS'))) return null
      facts.offer = await session.command('CAPABILITY')
      const listed = imapCapabilities(facts.offer)
      return { mechanisms: imapMechanisms(listed), command: !listed.has('LOGINDISABLED'), initial: listed.has('SASL-IR') || listed.has('IMAP4REV2') }
    }
    case 'pop3': {
      if (!facts.tls && !(await startTls(facts, session, 'STLS'))) return null
      facts.offer = await session.command('CAPA')
      const listed = pop3Capabilities(facts.offer)
      // who knows no CAPA knows USER (RFC 1939 §7)
      return { mechanisms: listed.get('SASL') ?? [], command: listed.has('USER') || listed.size === 0, initial: false }
    }
  }
}

/** Nobody else may get to see what opens a mailbox. */
function isTrusted({ trust, chain }: TlsSession, host: string): boolean {
  const leaf = parseCertificate(chain[0] ?? '')
  return trust.trusted && leaf !== null && certificateCovers(leaf.names, host)
}

function waysIn(protocol: Protocol, offered: readonly string[], command: boolean, asked: string | undefined): Mechanism | OwnCommand | null {
  const chosen = chooseMechanism(offered, asked)
  if (chosen !== null || !command) return chosen
  const own = protocol === 'imap' ? 'LOGIN' : 'USER'
  if (asked !== undefined && asked.toUpperCase() !== own) return null
  return own === 'LOGIN' ? 'LOGIN command' : 'USER command'
}

interface Exchanged extends Offered {
  readonly mechanism: Mechanism
  readonly secret: () => string | null
}

/** Commands of SMTP and POP3 are bounded; whatever would be longer is sent as an answer (RFC 5321 §4.5.3.1.4). */
const longestInitial = 400

async function authenticate(facts: LoginFacts, session: LineSession, { mechanism, mechanisms, initial, secret }: Exchanged): Promise<void> {
  const { protocol, user, endpoint: { host, port } } = facts
  const command = `${protocol === 'imap' ? 'AUTHENTICATE' : 'AUTH'} ${mechanism}`
  let exchange: SaslExchange | null = null
  const begin = (): SaslExchange | null => {
    const known = secret()
    if (known === null) return null
    const plusOffered = mechanisms.some(name => /^SCRAM-.*-PLUS$/i.test(name))
    exchange = saslExchange(mechanism, { user, secret: known, host, port, plusOffered, binding: bindingOf(facts.tls, type => session.channelBinding(type)) })
    return exchange
  }
  // tokens can be long, and how long must not be known to a replay
  const clientFirst = !['LOGIN', 'CRAM-MD5'].includes(mechanism)
  const beside = initial && clientFirst && mechanism !== 'OAUTHBEARER' && mechanism !== 'XOAUTH2' && user.length < longestInitial / 3
  let said: { shown: string; reply: string[] }
  let first = clientFirst && !beside
  if (beside) {
    said = await session.secret(`${command} ***`, () => {
      const begun = begin()
      const first = base64(begun?.initial ?? '')
      return begun && { line: `${command} ${first || '='}`, shown: `${command} ***`, hidden: [first, ...hiddenOf(secret)] }
    })
  } else said = { shown: '', reply: await session.command(command) }

  let answers = 0
  for (; isChallenge(protocol, said.reply) && answers < mostAnswers && facts.gaveUp === undefined; answers++) {
    const challenge = challengeOf(protocol, said.reply)
    const sayFirst = first
    first = false
    said = await session.secret('*', () => {
      const going = exchange ?? begin()
      if (!going) return null
      const step = sayFirst ? { say: going.initial ?? '' } : going.answer(challenge)
      const hidden = hiddenOf(secret)
      return 'say' in step ? { line: base64(step.say), shown: '***', hidden: [base64(step.say), ...hidden] } : { line: '*', shown: `* (${step.giveUp})`, hidden }
    })
    // what was shown is all that a replay knows
    const [, why] = /^\* \((.*)\)$/s.exec(said.shown) ?? []
    if (why !== undefined) facts.gaveUp = why
  }
  facts.reply = said.reply.map(shownChallenge)
  // the proof of ours is one answer, and taking note of the server’s another
  if (isMutual(mechanism)) facts.serverProven = facts.gaveUp === undefined && answers - (beside ? 0 : 1) >= 2
}

/**
 * What names this TLS session (RFC 9266 §3): tls-exporter in TLS 1.3, tls-unique before it; where that is not to be had or
 * does not name one session alone, the certificate of the server (tls-server-end-point, RFC 5929 §4).
 */
export function bindingOf(tls: TlsSession | undefined, own: (type: 'tls-exporter' | 'tls-unique') => string | null): { readonly type: string; readonly octets: string } | null {
  const type = tls?.version === 'TLSv1.3' ? 'tls-exporter' : 'tls-unique'
  const octets = own(type)
  if (octets !== null) return { type, octets }
  const endPoint = endPointBinding(tls?.chain[0] ?? '')
  return endPoint === null ? null : { type: 'tls-server-end-point', octets: endPoint }
}

const mostAnswers = 8

/** 334 (RFC 4954 §4), "+" (RFC 9051 §7.5, RFC 5034 §4). */
function isChallenge(protocol: Protocol, reply: Reply): boolean {
  const last = reply.at(-1) ?? ''
  return protocol === 'smtp' ? last.startsWith('334') : last === '+' || last.startsWith('+ ')
}

function challengeOf(protocol: Protocol, reply: Reply): string {
  const last = reply.at(-1) ?? ''
  return Buffer.from(last.slice(protocol === 'smtp' ? 4 : 2), 'base64').toString('latin1')
}

async function loginCommand(facts: LoginFacts, session: LineSession, secret: () => string | null): Promise<void> {
  const { reply } = await session.secret('LOGIN ***', () => {
    const known = secret()
    return known === null ? null : { line: `LOGIN ${quoted(facts.user)} ${quoted(known)}`, shown: 'LOGIN ***', hidden: [quoted(known).slice(1, -1), ...hiddenOf(secret)] }
  })
  facts.reply = reply
}

async function userCommand(facts: LoginFacts, session: LineSession, secret: () => string | null): Promise<void> {
  facts.reply = await session.command(`USER ${octets(facts.user)}`)
  if (!session.dialect.agrees(facts.reply)) return
  const { reply } = await session.secret('PASS ***', () => {
    const known = secret()
    return known === null ? null : { line: `PASS ${octets(known)}`, shown: 'PASS ***', hidden: hiddenOf(secret) }
  })
  facts.reply = reply
}

function hiddenOf(secret: () => string | null): string[] {
  const known = octets(secret() ?? '')
  return [known, base64(known)]
}

/** RFC 9051 §4.3: with UTF-8 as rev2 allows it; older servers take it, too, as a rule. */
function quoted(text: string): string {
  return `"${octets(text).replace(/["\\]/g, '\\$&')}"`
}

function octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}
