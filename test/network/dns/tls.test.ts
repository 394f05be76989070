import { beforeAll, describe, expect, test } from 'vitest'
import { createAuthority, type Authority, type IssuedCertificate } from '../../../src/lab/certificates.ts'
import { createResolver, type ResolverOptions } from '../../../src/network/dns/resolver.ts'
import { NetworkFailure } from '../../../src/network/network.ts'
import { closedPort, startServer, zone, type Asked } from './servers.ts'

const name = 'dns.example.net'
const mx = { name: 'example.com', type: 'MX' } as const
const records = zone('example.com MX 10 mx1.example.com')
const inOrder = (asked: Asked) => asked.answer({ records, ad: true })

let authority: Authority
let good: IssuedCertificate
beforeAll(async () => {
  authority = await createAuthority('Resolvers Root')
  good = await authority.issue({ names: [name] })
})

const resolverFor = ({ host, port }: { host: string; port: number }, options: Partial<ResolverOptions> = {}) =>
  createResolver({ servers: [{ host, port, tls: { name } }], anchors: [authority.pem], timeout: 5000, patience: 2000, tries: 1, ...options })

const failureOf = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => (error instanceof NetworkFailure ? error.toJSON() : error))

describe('DNS over TLS', () => {
  test('answers many questions on one connection, in any order, and its AD bit counts', async () => {
    const waiting: Asked[] = []
    const server = await startServer(asked => {
      waiting.push(asked)
      if (waiting.length === 30) for (const each of waiting.reverse()) inOrder(each)
    }, { tls: good })
    const resolver = resolverFor(server)
    const answers = await Promise.all(Array.from({ length: 30 }, () => resolver.query(mx)))
    for (const answer of answers) {
      expect(answer).toMatchObject({ secure: true, adTrusted: true, transport: 'tcp', resolver: `127.0.0.1:${server.port}`, records })
    }
    expect(server.connections).toBe(1)
    expect(server.asked.every(({ transport }) => transport === 'tcp')).toBe(true)
    resolver.close()
  })

  test('begins at the local address that was given', async () => {
    const server = await startServer(inOrder, { tls: good })
    const resolver = resolverFor(server, { source: '127.0.0.2' })
    await resolver.query(mx)
    expect(server.asked.map(({ from }) => from.address)).toEqual(['127.0.0.2'])
    resolver.close()
  })

  test('gives nothing away to a certificate for another name', async () => {
    const server = await startServer(inOrder, { tls: await authority.issue({ names: ['other.example.net'] }) })
    expect(await failureOf(resolverFor(server).query(mx))).toEqual({
      event: 'handshake', reason: 'dns-timeout', detail: `127.0.0.1:${server.port}: its certificate is not for ${name}`,
    })
    expect(server.asked).toEqual([])
  })

  test.each<[string, () => Promise<IssuedCertificate>, string]>([
    ['of an unknown issuer', async () => (await createAuthority('Another Root')).issue({ names: [name] }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['that has expired', () => authority.issue({ names: [name], notBefore: new Date('2020-01-01'), notAfter: new Date('2020-03-01') }), 'CERT_HAS_EXPIRED'],
  ])('gives nothing away to a certificate %s', async (_, issue, code) => {
    const server = await startServer(inOrder, { tls: await issue() })
    const failure = await failureOf(resolverFor(server, { tries: 2 }).query(mx))
    expect(failure).toEqual({ event: 'handshake', reason: 'dns-timeout', detail: `127.0.0.1:${server.port}: its certificate is not trusted (${code})` })
    expect(server.asked).toEqual([])
    expect(server.connections).toBeLessThanOrEqual(1)
  })

  test('needs an anchor that it was given', async () => {
    const server = await startServer(inOrder, { tls: good })
    expect(await failureOf(resolverFor(server, { anchors: [] }).query(mx))).toMatchObject({ event: 'handshake' })
    expect(server.asked).toEqual([])
  })

  test('fails where no TLS is spoken, and where nobody listens', async () => {
    const plain = await startServer(() => undefined, {})
    expect(await failureOf(resolverFor(plain, { patience: 200 }).query(mx))).toMatchObject({ event: 'timeout', reason: 'dns-timeout' })
    const closed = await closedPort()
    expect(await failureOf(resolverFor(closed).query(mx))).toEqual({
      event: 'refused', reason: 'dns-timeout', detail: `127.0.0.1:${closed.port} refuses connections`,
    })
  })

  test('goes on over a new connection when the server has closed the last one', async () => {
    const server = await startServer(asked => {
      // The second question arrives on a connection that is just being closed.
      if (server.asked.length === 2) asked.hangUp()
      else inOrder(asked)
    }, { tls: good })
    const resolver = resolverFor(server)
    await resolver.query(mx)
    expect((await resolver.query(mx)).records).toHaveLength(1)
    expect(server.connections).toBe(2)
    resolver.close()
  })

  test('leaves a connection on which nothing comes any more', async () => {
    const server = await startServer(asked => {
      if (server.asked.length !== 2) inOrder(asked)
    }, { tls: good })
    const resolver = resolverFor(server, { patience: 300 })
    await resolver.query(mx)
    expect(await failureOf(resolver.query(mx))).toMatchObject({ event: 'timeout', detail: `127.0.0.1:${server.port} does not answer over TCP` })
    expect((await resolver.query(mx)).records).toHaveLength(1)
    expect(server.connections).toBe(2)
    resolver.close()
  })
})
