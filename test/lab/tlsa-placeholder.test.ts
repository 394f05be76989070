import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNetwork } from '../../src/index.ts'
import type { WorldDefinition } from '../../src/lab/definition.ts'
import { parseWorld } from '../../src/lab/read-world.ts'
import { blankTlsa } from '../../src/lab/tlsa-placeholder.ts'
import { startWorld } from '../../src/lab/world.ts'

const definition = (records: string): WorldDefinition => ({
  zones: { 'shop.example': { signed: true, records } },
  certificates: { web: {}, own: { issuer: 'self', names: ['own.example'] } },
  servers: [{ host: 'www.shop.example', addresses: ['11.25.0.1'], certificate: 'web', services: { https: { pages: { '/': 'hello' } } } }],
})

describe('a TLSA record of a certificate that is made when the world starts', () => {
  it('is of the certificate that the server shows', async () => {
    const world = await startWorld(definition(`_443._tcp.www TLSA 3 1 1 {web}\n_443._tcp.www TLSA 3 0 2 {web}\n_443._tcp.www TLSA 2 0 1 {issuer of web}`))
    onTestFinished(() => world.close())
    const answer = await createNetwork({ resolvers: [world.resolver], route: world.route }).query({ name: '_443._tcp.www.shop.example', type: 'TLSA' })
    const at = world.route('11.25.0.1', 443)
    const socket = connect({ host: at?.address, port: at?.port ?? 0, servername: 'www.shop.example', rejectUnauthorized: false })
    onTestFinished(() => void socket.destroy())
    await once(socket, 'secureConnect')
    const leaf = new X509Certificate(socket.getPeerCertificate(true).raw)
    const issuer = new X509Certificate(socket.getPeerCertificate(true).issuerCertificate.raw)
    const digest = (octets: Buffer, hash = 'sha256'): string => createHash(hash).update(octets).digest('hex')
    expect(answer.secure).toBe(true)
    expect(answer.records.map(({ text }) => text).toSorted()).toEqual([
      `2 0 1 ${digest(issuer.raw)}`, `3 0 2 ${digest(leaf.raw, 'sha512')}`, `3 1 1 ${digest(leaf.publicKey.export({ type: 'spki', format: 'der' }))}`,
    ])
  })

  it('needs a certificate, and an issuer that is another', async () => {
    await expect(startWorld(definition('_25._tcp.mx TLSA 3 1 1 {mx}'))).rejects.toThrow('"mx", which is not there')
    await expect(startWorld(definition('_25._tcp.mx TLSA 2 1 1 {issuer of own}'))).rejects.toThrow('the issuer of the certificate "own", which has none of its own')
    await expect(startWorld({ zones: { 'a.example': 'b TLSA 3 1 1 {idle}' }, certificates: { idle: {} } })).rejects.toThrow('"idle", which no server shows')
    expect(() => parseWorld('zones:\n  a.example: |\n    _25._tcp.mx TLSA 3 1 1 {mx}\n')).toThrow('zone a.example: there is no certificate "mx"')
  })

  it('reads well before', () => {
    expect(blankTlsa('a TLSA 3 1 1 {x}\nb TXT "{y}"')).toEqual({ text: 'a TLSA 3 1 1 00\nb TXT "{y}"', names: ['x'] })
  })
})
