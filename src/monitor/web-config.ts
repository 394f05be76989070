/**
 * Who may ask, and over which TLS: a file in the form that the Prometheus exporters share (exporter-toolkit, `web.config.file`).
 * A key that is not known is refused: protection that is only believed in is worse than none.
 *
 *   tls_server_config: { cert_file: server.crt, key_file: server.key }
 *   basic_auth_users: { prometheus: $2y$10$… }
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { createSecureContext, type SecureContextOptions, type SecureVersion, type TlsOptions } from 'node:tls'
import { compare } from 'bcryptjs'
import pLimit from 'p-limit'
import { parse } from 'yaml'
import { z } from 'zod'
import { harmless } from '../report/visible.ts'
import { SettingsError } from './settings.ts'

export interface WebAccess {
  readonly tls: (SecureContextOptions & TlsOptions) | null
  /** Judges the Authorization header. */
  readonly permits: (authorization: string | undefined) => Promise<boolean>
}

/** The names that Go gives to versions, and Node.js. */
const versions: Readonly<Record<string, SecureVersion>> = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' }
const version = z.enum(['TLS10', 'TLS11', 'TLS12', 'TLS13'])

const clientAuthentication = ['NoClientCert', 'RequestClientCert', 'RequireAndVerifyClientCert'] as const

const shape = z.strictObject({
  tls_server_config: z.strictObject({
    cert_file: z.string().min(1), key_file: z.string().min(1),
    client_auth_type: z.enum(clientAuthentication).optional(), client_ca_file: z.string().min(1).optional(),
    min_version: version.optional(), max_version: version.optional(),
  }).optional(),
  http_server_config: z.strictObject({ http2: z.boolean().optional() }).optional(),
  basic_auth_users: z.record(z.string().min(1).max(256).regex(/^[^:]*$/), z.string().regex(/^\$2[aby]\$(?:0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/)).optional(),
}).nullable()

/** Throws `SettingsError`. */
export function readWebConfig(file: string): WebAccess {
  const wrong = (problem: string): SettingsError => new SettingsError(`${file}: ${problem}`)
  let value: unknown
  try {
    value = parse(readFileSync(file, 'utf8'), { maxAliasCount: 0, prettyErrors: false })
  } catch (error) {
    throw wrong(`cannot be read: ${harmless((error as Error).message)}`)
  }
  const parsed = shape.safeParse(value ?? null)
  if (!parsed.success) throw wrong(parsed.error.issues.slice(0, 10).map(explain).join('; '))
  const { tls_server_config: tls, basic_auth_users: users = {} } = parsed.data ?? {}
  return { tls: tls ? tlsOptions(tls, dirname(file), wrong) : null, permits: authenticator(new Map(Object.entries(users))) }
}

/** Never the value: it may be a password that stands where its hash belongs. */
function explain({ code, path, message, ...issue }: z.core.$ZodIssue): string {
  const [section, name] = path.map(step => harmless(String(step)))
  if (code === 'unrecognized_keys' && 'keys' in issue) {
    return `unknown key ${issue.keys.map(key => JSON.stringify(harmless(key))).join(', ')}${section === undefined ? '' : ` in ${section}`}`
  }
  if (section === 'basic_auth_users' && name !== undefined) return `basic_auth_users: what stands beside "${name}" is no bcrypt hash (cost 4 to 14) of a user without ":"`
  return `${path.length > 0 ? `${path.map(step => harmless(String(step))).join('.')}: ` : ''}${harmless(message)}`
}

type TlsConfig = NonNullable<NonNullable<z.infer<typeof shape>>['tls_server_config']>

function tlsOptions(config: TlsConfig, folder: string, wrong: (problem: string) => SettingsError): SecureContextOptions & TlsOptions {
  const read = (name: 'cert_file' | 'key_file' | 'client_ca_file'): Buffer | undefined => {
    const path = config[name]
    if (path === undefined) return undefined
    try {
      return readFileSync(resolve(folder, path))
    } catch (error) {
      throw wrong(`${name}: ${harmless(path)} cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''}`)
    }
  }
  const { client_auth_type: clients = 'NoClientCert', min_version: least = 'TLS12', max_version: most = 'TLS13' } = config
  const [cert, key, ca] = [read('cert_file'), read('key_file'), read('client_ca_file')]
  if (clients === 'RequireAndVerifyClientCert' && !ca) throw wrong('client_auth_type: clients can be verified only against a client_ca_file')
  if (clients !== 'RequireAndVerifyClientCert' && ca) throw wrong('client_ca_file: clients are verified only with client_auth_type: RequireAndVerifyClientCert')
  if (least > most) throw wrong('min_version: it is above max_version')
  const options = {
    ...(cert ? { cert } : {}), ...(key ? { key } : {}), ...(ca ? { ca } : {}),
    minVersion: versions[least] ?? 'TLSv1.2', maxVersion: versions[most] ?? 'TLSv1.3',
    requestCert: clients !== 'NoClientCert', rejectUnauthorized: clients === 'RequireAndVerifyClientCert', handshakeTimeout: 10_000,
  }
  try {
    createSecureContext(options)
  } catch (error) {
    throw wrong(`cert_file and key_file: ${harmless((error as Error).message)}`)
  }
  return options
}

/** Comparing is made to be slow: only a few at a time, and what was compared is remembered, as its digest. */
const atATime = 2
const mostRemembered = 200
const mostWaiting = 50
/** A hash of nothing that anybody knows: that a user is unknown must take as long as a wrong password. */
const nobody = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8Z8Q3V9iYkY3l1pM6oQfYbqC4yC9Wu'

function authenticator(users: ReadonlyMap<string, string>): WebAccess['permits'] {
  const limit = pLimit(atATime)
  const remembered = new Map<string, boolean>()
  return async authorization => {
    if (users.size === 0) return true
    const [, encoded] = /^Basic +([A-Za-z0-9+/=]{1,2000})$/i.exec(authorization ?? '') ?? []
    if (encoded === undefined) return false
    const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
    const hash = users.get(user)
    const key = createHash('sha256').update(JSON.stringify([user, hash ?? null, password])).digest('base64')
    const known = remembered.get(key)
    if (known !== undefined) return known
    if (limit.pendingCount > mostWaiting) return false
    const equal = await limit(() => compare(password, hash ?? nobody)) && hash !== undefined
    if (remembered.size >= mostRemembered) {
      // wrong guesses make room first, so that they cannot push out whoever is right
      const [guess = remembered.keys().next().value] = [...remembered].filter(([, right]) => !right).map(([digest]) => digest)
      if (guess !== undefined) remembered.delete(guess)
    }
    remembered.set(key, equal)
    return equal
  }
}
