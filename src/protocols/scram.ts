/**
 * SCRAM (RFC 5802, with SHA-256: RFC 7677): both sides prove that they know the password, and neither says it. The client
 * salts and hashes it as often as the server asks; the server’s last message proves that it holds what the password was
 * hashed to. With -PLUS the proofs also name the TLS session, so that nobody can stand in between (§6, RFC 9266).
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SaslExchange, SaslStep } from './sasl.ts'

export interface ScramOptions {
  readonly hash: 'sha1' | 'sha256'
  /** Text, not octets. */
  readonly user: string
  readonly password: string
  /**
   * `p`: -PLUS, with the octets that name the TLS session. `y`: the client could, and thinks that the server cannot: a server
   * that can knows then that somebody took -PLUS out of its list. `n`: the client does not.
   */
  readonly binding: { readonly flag: 'n' | 'y' } | { readonly flag: 'p'; readonly type: string; readonly octets: string }
  /** Printable, without a comma; made here unless a test wants its own. */
  readonly nonce?: string
}

/** Work that a hostile server may ask of us: a quarter of a second or so. Servers ask for 4096 to some hundred thousand. */
const mostIterations = 1_000_000

export function scram(options: ScramOptions): SaslExchange {
  const { hash, user, password, binding, nonce = randomBytes(18).toString('base64') } = options
  const header = `${binding.flag === 'p' ? `p=${binding.type}` : binding.flag},,`
  const firstBare = `n=${octets(prepared(user)).replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  let stage: 'first' | 'final' | 'done' = 'first'
  let expected: Buffer | undefined

  const answerFirst = (message: string): SaslStep => {
    const [, serverNonce = '', salt = '', count = ''] = /^r=([^,]+),s=([A-Za-z0-9+/]+={0,2}),i=(\d{1,10})(?:,|$)/.exec(message) ?? []
    // an extension that must be understood comes first (§5.1, "m=")
    if (serverNonce === '') return { giveUp: message.startsWith('e=') ? `the server says ${message.slice(0, 80).replace(/[^ -~]/g, '?')}` : 'the first message of the server is not SCRAM' }
    if (!serverNonce.startsWith(nonce) || serverNonce === nonce) return { giveUp: 'the server does not return the nonce' }
    const iterations = Number(count)
    if (iterations < 1 || iterations > mostIterations) return { giveUp: `the server asks for ${count} iterations` }
    const withoutProof = `c=${base64(header + (binding.flag === 'p' ? binding.octets : ''))},r=${serverNonce}`
    const authMessage = `${firstBare},${message},${withoutProof}`
    const length = hash === 'sha1' ? 20 : 32
    const salted = pbkdf2Sync(Buffer.from(prepared(password), 'utf8'), Buffer.from(salt, 'base64'), iterations, length, hash)
    const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(Buffer.from(text, 'latin1')).digest()
    const clientKey = hmac(salted, 'Client Key')
    const signature = hmac(createHash(hash).update(clientKey).digest(), authMessage)
    expected = hmac(hmac(salted, 'Server Key'), authMessage)
    stage = 'final'
    return { say: `${withoutProof},p=${Buffer.from(clientKey.map((octet, i) => octet ^ (signature[i] ?? 0))).toString('base64')}` }
  }

  const answerFinal = (message: string): SaslStep => {
    stage = 'done'
    const [, signature] = /^v=([A-Za-z0-9+/]+={0,2})(?:,|$)/.exec(message) ?? []
    if (signature === undefined) return message.startsWith('e=') ? { say: '' } : { giveUp: 'the last message of the server is not SCRAM' }
    const given = Buffer.from(signature, 'base64')
    if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected)) return { giveUp: serverUnproven }
    return { say: '' }
  }

  return {
    initial: header + firstBare,
    answer: message => (stage === 'first' ? answerFirst(message) : stage === 'final' ? answerFinal(message) : { giveUp: 'the server asks for more' }),
  }
}

/** Who does not know the password cannot sign: somebody pretends to be the server. */
const serverUnproven = 'the signature of the server is wrong'

/**
 * SASLprep (RFC 4013) as far as Unicode’s normalisation does it: other spaces become spaces, what is invisible goes, the rest
 * is normalised (NFKC). Code points that Unicode 3.2 did not assign, and the rules for text from right to left, are not looked at.
 */
export function prepared(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  return text
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
    .normalize('NFKC')
}

function octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}
