/**
 * SASL (RFC 4422): how somebody logs in, whatever the protocol around it. Each mechanism is an exchange of octet strings; the
 * protocols put them into base64, and say which mechanisms the server offers.
 */
import { createHmac } from 'node:crypto'
import { scram } from './scram.ts'

export interface SaslExchange {
  /** What the client says first; null: it waits for the server. */
  readonly initial: string | null
  /** The answer to a challenge. */
  answer(challenge: string): SaslStep
}

export type SaslStep =
  | { readonly say: string }
  /** The exchange must not go on: the reason, in ASCII, because it is shown in place of a line. */
  | { readonly giveUp: string }

/**
 * The strongest first: what proves the password without saying it, then what says it. Tokens only where they are asked for. SCRAM
 * with -PLUS, which nearly no mail program does, comes after SCRAM without: servers do not agree on what names a session of TLS
 * 1.3 (Cyrus 3.6 takes tls-unique there, against RFC 9266 §3), and one try must tell whether an account is let in.
 */
export const mechanisms = [
  'SCRAM-SHA-256', 'SCRAM-SHA-1', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1-PLUS', 'CRAM-MD5', 'PLAIN', 'LOGIN', 'OAUTHBEARER', 'XOAUTH2',
] as const
export type Mechanism = (typeof mechanisms)[number]

export interface Credentials {
  /** Text. */
  readonly user: string
  /** The password; for OAUTHBEARER and XOAUTH2 the access token. */
  readonly secret: string
}

export interface SaslOptions extends Credentials {
  readonly host: string
  readonly port: number
  /** For SCRAM: does the server offer a -PLUS, and what names this TLS session? */
  readonly plusOffered: boolean
  readonly binding: { readonly type: string; readonly octets: string } | null
  /** SCRAM’s, for tests. */
  readonly nonce?: string
}

/** The one to use: the one asked for, if it is offered, or the strongest that takes a password. Null: there is none. */
export function chooseMechanism(offered: readonly string[], asked: string | undefined): Mechanism | null {
  const names = offered.map(name => name.toUpperCase())
  const candidates = asked === undefined ? mechanisms.filter(name => !takesToken(name)) : mechanisms.filter(name => name === asked.toUpperCase())
  return candidates.find(name => names.includes(name)) ?? null
}

function takesToken(mechanism: Mechanism): boolean {
  return mechanism === 'OAUTHBEARER' || mechanism === 'XOAUTH2'
}

/** Does the server prove itself, too? */
export function isMutual(mechanism: string): boolean {
  return mechanism.startsWith('SCRAM-')
}

export function saslExchange(mechanism: Mechanism, options: SaslOptions): SaslExchange {
  const user = octets(options.user)
  const secret = octets(options.secret)
  switch (mechanism) {
    case 'PLAIN': // RFC 4616 §2: no other identity than the user’s own
      return saying(`\0${user}\0${secret}`)
    case 'LOGIN': // never a standard; the prompts are not worth reading
      return saying(null, user, secret)
    case 'CRAM-MD5': // RFC 2195 §2
      return answering(challenge => `${user} ${createHmac('md5', Buffer.from(secret, 'latin1')).update(Buffer.from(challenge, 'latin1')).digest('hex')}`)
    case 'XOAUTH2': // a challenge is an error in JSON, and an empty answer lets the server say so
      return saying(`user=${user}\x01auth=Bearer ${secret}\x01\x01`, '')
    case 'OAUTHBEARER': // RFC 7628 §3.1, §3.2.3
      return saying(
        `n,a=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},\x01host=${options.host}\x01port=${options.port}\x01auth=Bearer ${secret}\x01\x01`, '\x01')
    default:
      return scram({
        hash: mechanism.startsWith('SCRAM-SHA-256') ? 'sha256' : 'sha1', user: options.user, password: options.secret,
        binding: bindingFor(mechanism, options), ...(options.nonce === undefined ? {} : { nonce: options.nonce }),
      })
  }
}

function bindingFor(mechanism: Mechanism, { plusOffered, binding }: SaslOptions): Parameters<typeof scram>[0]['binding'] {
  if (mechanism.endsWith('-PLUS')) return { flag: 'p', type: binding?.type ?? 'tls-exporter', octets: binding?.octets ?? '' }
  return { flag: plusOffered || !binding ? 'n' : 'y' }
}

/** Says these things in turn, whatever the server says. */
function saying(initial: string | null, ...answers: string[]): SaslExchange {
  return { initial, answer: () => stepOf(answers.shift()) }
}

function answering(answer: (challenge: string) => string): SaslExchange {
  let asked = false
  return {
    initial: null,
    answer: challenge => {
      if (asked) return stepOf(undefined)
      asked = true
      return { say: answer(challenge) }
    },
  }
}

function stepOf(say: string | undefined): SaslStep {
  return say === undefined ? { giveUp: 'the server asks for more' } : { say }
}

function octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
