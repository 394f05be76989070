import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hash } from 'bcryptjs'
import { readWebConfig } from '../../src/monitor/web-config.ts'
import { createSelfSigned } from '../../src/lab/certificates.ts'
import { closeWorld, serve } from './serving.ts'

let folder: string
let file: string
let hashed: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailcheck-web-'))
  file = join(folder, 'web.yml')
  hashed = (await hash('secret', 4)).replace('$2b$', '$2y$') // as htpasswd writes it
  const { pem, keyPem } = await createSelfSigned({ names: ['localhost'], notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-12-31T00:00:00Z') })
  writeFileSync(join(folder, 'server.crt'), pem)
  writeFileSync(join(folder, 'server.key'), keyPem)
})

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await closeWorld()
})

function read(text: string) {
  writeFileSync(file, text)
  return readWebConfig(file)
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

describe('passwords', () => {
  test('who knows one may ask, and nobody else', async () => {
    const { permits } = read(`basic_auth_users:\n  prometheus: ${hashed}\n  "": x\n`.replace('  "": x\n', ''))
    expect(await permits(basic('prometheus:secret'))).toBe(true)
    expect(await permits(basic('prometheus:secret'))).toBe(true)
    for (const header of [undefined, '', 'Basic', 'Basic ?', basic('prometheus:wrong'), basic('prometheus'), basic('prometheus:'), basic('nobody:secret'), basic(':'), `Bearer ${hashed}`, basic(`prometheus:${hashed}`)]) {
      expect(await permits(header)).toBe(false)
    }
  })

  test('without users everybody may ask', async () => {
    expect(await read('').permits(undefined)).toBe(true)
    expect(await read('basic_auth_users: {}').permits(undefined)).toBe(true)
  })

  test('over HTTP: 401 with a challenge for every page, also for the reload', async () => {
    const serving = await serve('domains: { good.example: {} }', { access: read(`basic_auth_users: { me: "${hashed}" }`), idle: true })
    for (const [path, method] of [['/', 'GET'], ['/metrics', 'GET'], ['/-/healthy', 'GET'], ['/-/reload', 'POST'], ['/nonsense', 'GET']] as const) {
      const { status, headers } = await serving.get(path, { method })
      expect([path, status]).toEqual([path, 401])
      expect(headers['www-authenticate']).toMatch(/^Basic realm=/)
    }
    expect((await serving.get('/-/healthy', { headers: { Authorization: basic('me:secret') } })).status).toBe(200)
    await serving.close()
  })
})

test('TLS with the certificate of the file', async () => {
  const access = read('tls_server_config: { cert_file: server.crt, key_file: server.key, min_version: TLS13 }\n')
  expect(access.tls).toMatchObject({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' })
  const serving = await serve('domains: { good.example: {} }', { access, idle: true })
  expect(serving.server.url).toMatch(/^https:/)
  const { port } = new URL(serving.server.url)
  const status = await new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/-/healthy', agent: false, rejectUnauthorized: false }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    asked.on('error', reject)
    asked.end()
  })
  expect(status).toBe(200)
  await serving.close()
})

test.each([
  ['a key that is not known', 'basic_auth_user: {}', /unknown key "basic_auth_user"/],
  ['one of another exporter', 'rate_limit: { interval: 1s }', /unknown key "rate_limit"/],
  ['one below', 'tls_server_config: { cert_file: a, key_file: b, cipher: c }', /unknown key "cipher" in tls_server_config/],
  ['no hash', 'basic_auth_users: { me: hunter2 }', /what stands beside "me" is no bcrypt hash/],
  ['a hash that would take minutes', 'basic_auth_users: { me: "$2y$31$CwTycUXWue0Thq9StjUM0uJ8Z8Q3V9iYkY3l1pM6oQfYbqC4yC9Wu" }', /no bcrypt hash/],
  ['a file that is not there', 'tls_server_config: { cert_file: none.crt, key_file: server.key }', /cert_file: none.crt cannot be read: ENOENT/],
  ['no certificate', 'tls_server_config: { cert_file: web.yml, key_file: server.key }', /cert_file and key_file: /],
  ['half a pair', 'tls_server_config: { cert_file: server.crt }', /tls_server_config.key_file/],
  ['versions the wrong way round', 'tls_server_config: { cert_file: server.crt, key_file: server.key, min_version: TLS13, max_version: TLS12 }', /min_version/],
  ['clients verified against nothing', 'tls_server_config: { cert_file: server.crt, key_file: server.key, client_auth_type: RequireAndVerifyClientCert }', /client_ca_file/],
  ['clients that would not be verified', 'tls_server_config: { cert_file: server.crt, key_file: server.key, client_ca_file: server.crt }', /client_auth_type/],
  ['no YAML', 'basic_auth_users: [', /cannot be read/],
  ['a list', '- a', /./],
])('%s is refused', (_, text, expected) => {
  let message = ''
  try {
    read(text)
  } catch (error) {
    message = (error as Error).message
  }
  expect(message).toMatch(expected)
  expect(message).toContain('web.yml: ')
  expect(message).not.toContain('hunter2')
})
