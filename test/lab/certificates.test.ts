import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createSecureContext, createServer, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, createSelfSigned, toPem, type IssuedCertificate } from '../../src/lab/certificates.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A real handshake with OpenSSL's own verification; resolves with null, or with the code of what it refused. */
async function verify(
  certificate: IssuedCertificate, anchor: string, options: ConnectionOptions = {}, chain = certificate.chain,
): Promise<unknown> {
  const server = createServer({ cert: chain.map(der => toPem(der)).join(''), key: certificate.keyPem, ciphers: 'DEFAULT:@SECLEVEL=0' })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client: TLSSocket = connect({
    host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca: anchor, servername: 'mail.example.com',
    rejectUnauthorized: false, ...options,
  })
  closers.push(() => client.destroy(), () => server.close())
  await once(client, 'secureConnect')
  return client.authorized ? null : client.authorizationError
}

describe('certificates', () => {
  it('are accepted by OpenSSL from leaf over intermediate to root', async () => {
    const root = await createAuthority('Test Root')
    const issuing = await root.intermediate('Test Issuing')
    const leaf = await issuing.issue({ names: ['mail.example.com', '*.example.net'], addresses: ['127.0.0.1', '2001:db8::1'] })
    expect(leaf.chain).toEqual([leaf.der, issuing.der])
    expect(root.chain).toEqual([])
    expect(await verify(leaf, root.pem)).toBeNull()
    expect(new X509Certificate(leaf.der).subjectAltName).toBe(
      'DNS:mail.example.com, DNS:*.example.net, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1')
    expect(await verify(leaf, root.pem, {}, [leaf.der])).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  it('chain over several intermediates and mixed keys', async () => {
    const root = await createAuthority('Root', { key: 'rsa2048', hash: 'sha512' })
    const upper = await root.intermediate('Upper', { key: 'ec384', hash: 'sha384' })
    const lower = await upper.intermediate('Lower', { key: 'ed25519' })
    const leaf = await lower.issue({ names: ['mail.example.com'], key: 'rsa2048' })
    expect(leaf.chain).toHaveLength(3)
    expect(await verify(leaf, root.pem)).toBeNull()
  })

  it.each([
    ['an expired one', { notBefore: new Date('2020-01-01'), notAfter: new Date('2020-04-01') }, 'CERT_HAS_EXPIRED'],
    ['one of the future', { notBefore: new Date('2055-01-01'), notAfter: new Date('2055-04-01') }, 'CERT_NOT_YET_VALID'],
    ['one for another name', { names: ['other.example.com'] }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['one with the name in CN alone', { names: ['a.example.com'], commonName: 'mail.example.com' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('shows its flaw: %s', async (_, options, code) => {
    const root = await createAuthority('Test Root')
    expect(await verify(await root.issue({ names: ['mail.example.com'], ...options }), root.pem)).toBe(code)
  })

  it('of an unknown authority and self-signed ones are not trusted', async () => {
    const root = await createAuthority('Known')
    const stranger = await createAuthority('Unknown')
    expect(await verify(await stranger.issue({ names: ['mail.example.com'] }), root.pem)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    const own = await createSelfSigned({ names: ['mail.example.com'] })
    expect(own.chain).toEqual([own.der])
    expect(await verify(own, root.pem)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(await verify(own, own.pem)).toBeNull()
  })

  it('say whether they may sign others', async () => {
    const root = await createAuthority('Root')
    expect(new X509Certificate((await root.intermediate('Issuing')).der).ca).toBe(true)
    expect(new X509Certificate((await root.issue({ names: ['a.example'] })).der).ca).toBe(false)
    expect(new X509Certificate((await root.issue({ names: ['a.example'], ca: true })).der).ca).toBe(true)
  })

  it.each([
    ['rsa1024', 'sha1'], ['rsa2048', 'sha256'], ['ec256', 'sha1'], ['ec384', 'sha256'], ['ed25519', 'sha256'],
  ] as const)('hold a key of kind %s, signed with %s', async (key, hash) => {
    const root = await createAuthority('Root', { key, hash })
    const leaf = await root.issue({ names: ['mail.example.com'], key, hash })
    const [parsed, parent] = [new X509Certificate(leaf.der), new X509Certificate(root.der)]
    expect(parsed.verify(parent.publicKey)).toBe(true)
    expect(parsed.checkIssued(parent)).toBe(true)
    expect(parsed.publicKey.asymmetricKeyType).toBe(key === 'ed25519' ? key : key.replace(/\d+/, ''))
    expect(parsed.publicKey.asymmetricKeyDetails?.modulusLength).toBe(key.startsWith('rsa') ? Number(key.slice(3)) : undefined)
  })

  it('have an empty subject on request, and serve by SNI from a secure context', async () => {
    const root = await createAuthority('Root')
    const leaf = await root.issue({ names: ['mail.example.com'], commonName: '' })
    expect(new X509Certificate(leaf.der).subject).toBeFalsy()
    expect(await verify(leaf, root.pem)).toBeNull()
    expect(() => createSecureContext({ cert: leaf.pem, key: leaf.keyPem })).not.toThrow()
  })
})
