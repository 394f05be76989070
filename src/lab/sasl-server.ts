/**
 * The server’s side of the mechanisms by which people log in (RFC 4616, 2195, 5802, 7677; LOGIN): a response in, a challenge
 * out, or the verdict. Passwords are what the world’s definition says; whoever has none is refused in the same words.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/** Octets, without base64; `user` null: refused. */
export type SaslTurn = { readonly challenge: string } | { readonly user: string | null }

export interface Directory {
  readonly users: Readonly<Record<string, string>>
  readonly anyPassword: boolean
}

export interface SaslServer {
  /** Null: the client has sent no first message with its command. */
  take(response: string | null): SaslTurn
}

/** Is this the password? Octets. */
export function knows({ users, anyPassword }: Directory, user: string, password: string): boolean {
  const known = Object.entries(users).find(([name]) => octets(name) === user)?.[1]
  return known !== undefined && (anyPassword || octets(known) === password)
}

/** Null: there is no such mechanism. */
export function saslServer(mechanism: string, directory: Directory): SaslServer | null {
  switch (mechanism) {
    case 'PLAIN': return { take: response => (response === null ? { challenge: '' } : plain(response, directory)) }
    case 'LOGIN': return login(directory)
    case 'CRAM-MD5': return cramMd5(directory)
    case 'SCRAM-SHA-1': return scram('sha1', directory)
    case 'SCRAM-SHA-256': return scram('sha256', directory)
    default: return null
  }
}

function plain(response: string, directory: Directory): SaslTurn {
  const [, user = '', password = ''] = response.split('\0')
  return { user: knows(directory, user, password) ? user : null }
}

function login(directory: Directory): SaslServer {
  const said: string[] = []
  return {
    take: response => {
      if (response !== null) said.push(response)
      const [user, password] = said
      if (user === undefined) return { challenge: 'Username:' }
      return password === undefined ? { challenge: 'Password:' } : { user: knows(directory, user, password) ? user : null }
    },
  }
}

function cramMd5({ users, anyPassword }: Directory): SaslServer {
  const challenge = `<${randomBytes(8).toString('hex')}@lab>`
  return {
    take: response => {
      if (response === null) return { challenge }
      const [, user = '', digest = ''] = /^(.*) ([0-9a-f]{32})$/s.exec(response) ?? []
      const known = Object.entries(users).find(([name]) => octets(name) === user)?.[1]
      const right = known !== undefined && (anyPassword || createHmac('md5', known).update(challenge).digest('hex') === digest)
      return { user: right ? user : null }
    },
  }
}

function scram(hash: 'sha1' | 'sha256', { users, anyPassword }: Directory): SaslServer {
  const salt = randomBytes(12)
  const iterations = 4096
  let user = ''
  let first = ''
  let clientFirst = ''
  let stage: 'first' | 'final' | 'signed' = 'first'
  return {
    take: response => {
      if (response === null) return { challenge: '' }
      if (stage === 'signed') return { user }
      if (stage === 'first') {
        const [, bare = '', name = '', nonce = ''] = /^[ny],,(n=([^,]*),r=([^,]+))$/.exec(response) ?? []
        if (bare === '') return { user: null }
        stage = 'final'
        user = name.replaceAll('=2C', ',').replaceAll('=3D', '=')
        clientFirst = bare
        first = `r=${nonce}${randomBytes(12).toString('hex')},s=${salt.toString('base64')},i=${iterations}`
        return { challenge: first }
      }
      const [, withoutProof = '', proof = ''] = /^(.*),p=([^,]*)$/.exec(response) ?? []
      const known = Object.entries(users).find(([name]) => octets(name) === user)?.[1]
      const salted = pbkdf2Sync(known ?? '', salt, iterations, hash === 'sha1' ? 20 : 32, hash)
      const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text, 'latin1').digest()
      const message = `${clientFirst},${first},${withoutProof}`
      const stored = createHash(hash).update(hmac(salted, 'Client Key')).digest()
      const signature = hmac(stored, message)
      const clientKey = Buffer.from(Buffer.from(proof, 'base64').map((octet, i) => octet ^ (signature[i] ?? 0)))
      const right = createHash(hash).update(clientKey).digest().equals(stored)
      if (known === undefined || (!right && !anyPassword)) return { user: null }
      stage = 'signed'
      return { challenge: `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}` }
    },
  }
}

function octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** As the three protocols carry it; "=" is an empty first message (RFC 4954 §4). */
export function fromBase64(text: string): string {
  return text === '=' ? '' : Buffer.from(text, 'base64').toString('latin1')
}

export function toBase64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}
