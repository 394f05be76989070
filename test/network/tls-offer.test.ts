import type { Socket } from 'node:net'
import { beforeAll, describe, expect, test } from 'vitest'
import { createAuthority, createSelfSigned, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { formatServerFlight } from '../../src/lab/server-flight.ts'
import type { ClientHello } from '../../src/network/network.ts'
import { suitesWith } from '../../src/syntax/cipher-suites.ts'
import { parseClientHello } from '../../src/syntax/client-hello.ts'
import type { AcceptedOffer } from '../../src/syntax/server-hello.ts'
import { usualGroups } from '../../src/syntax/tls-groups.ts'
import { credentials, failureOf, listen, listenTls, upgrade, visit } from './peer.ts'

let rsa: IssuedCertificate
let chain: IssuedCertificate
beforeAll(async () => {
  rsa = await createSelfSigned({ names: ['mx1.example.com'], key: 'rsa2048' })
  chain = await (await (await createAuthority('Example Root')).intermediate('Example Intermediate')).issue({ names: ['mx1.example.com'] })
})

const usual: ClientHello = {
  version: 'TLSv1.2', ciphers: suitesWith(({ static: fixed, aead }, name) => !fixed && aead && name.includes('_ECDHE_')), groups: usualGroups, servername: 'mx1.example.com', deflate: true,
}
const staticKeys: ClientHello = { ...usual, ciphers: suitesWith(({ static: fixed, aead }) => fixed && aead) }
const implicit = { tls: 'implicit' } as const

describe('a hello of our own', () => {
  test('is answered with a version, a cipher, a group and the whole chain', async () => {
    const connection = await visit(await listenTls(credentials(chain)), { ...implicit, deferTls: true })
    expect(connection.tls).toBeUndefined()
    const answer = await connection.offerTls('usual', usual)
    expect(answer.accepted && answer.cipher).toMatch(/^TLS_ECDHE_ECDSA_WITH_AES_\d{3}_GCM/)
    expect(answer).toMatchObject({
      accepted: true, version: 'TLSv1.2', keyExchange: 'X25519', extendedMasterSecret: true,
      secureRenegotiation: true, compression: false, chain: chain.chain.map(der => der.toString('base64')),
    })
    expect(await failureOf(connection.readLine())).toMatchObject({ event: 'closed' })
  })

  test('finds RSA key transport, and is refused where there is none', async () => {
    const taken = await visit(await listenTls({ ...credentials(rsa), ciphers: 'kRSA' }), { ...implicit, deferTls: true })
    expect(await taken.offerTls('static', staticKeys)).toMatchObject({ accepted: true, keyExchange: 'RSA' })
    const refused = await visit(await listenTls({ ...credentials(rsa), ciphers: 'ECDHE' }), { ...implicit, deferTls: true })
    expect(await refused.offerTls('static', staticKeys)).toEqual({ accepted: false, alert: 40 })
  })

  test('offers nothing newer than it says', async () => {
    const old: ClientHello = { ...usual, version: 'TLSv1.1', ciphers: suitesWith(({ aead }) => !aead) }
    const refused = await visit(await listenTls(credentials(rsa)), { ...implicit, deferTls: true })
    expect(await refused.offerTls('old', old)).toEqual({ accepted: false, alert: 70 })
    const taken = await visit(await listenTls({ ...credentials(rsa), minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }), { ...implicit, deferTls: true })
    expect(await taken.offerTls('old', old)).toMatchObject({ accepted: true, version: 'TLSv1.1' })
  })

  test('follows the consent to STARTTLS, and keeps what came in clear before the answer', async () => {
    const connection = await visit(await listen(socket => {
      socket.write('220 mx1.example.com\r\n')
      socket.once('data', () => {
        socket.write('220 go ahead\r\n250 evil\r\n')
        upgrade(socket, credentials(rsa))
      })
    }))
    await connection.readLine()
    await connection.writeLine('STARTTLS')
    await connection.readLine()
    expect(await connection.offerTls('usual', usual)).toMatchObject({ accepted: true, version: 'TLSv1.2' })
    expect(connection.injected).toBe('250 evil\r\n')
  })

  test('goes out as it was meant', async () => {
    const heard: (ClientHello | null)[] = []
    const connection = await visit(await answering(socket => socket.once('data', (octets: Buffer) => {
      heard.push(parseClientHello(octets))
      socket.end()
    })), { ...implicit, deferTls: true })
    await connection.offerTls('usual', usual)
    expect(heard).toEqual([usual])
  })
})

const answering = (serve: (socket: Socket) => void) => listen(serve)
const rc4: AcceptedOffer = {
  accepted: true, version: 'SSLv3', cipher: 'TLS_RSA_WITH_RC4_128_SHA', keyExchange: 'RSA', extendedMasterSecret: false, secureRenegotiation: false,
  compression: true, chain: [],
}

describe('the answer', () => {
  const offer = async (serve: (socket: Socket) => void, timeout = 5000) => {
    const connection = await visit(await answering(socket => socket.once('data', () => serve(socket))), { ...implicit, deferTls: true, timeout })
    return connection.offerTls('usual', usual)
  }

  test('may be what no library here speaks', async () => {
    expect(await offer(socket => socket.write(formatServerFlight(rc4)))).toEqual(rc4)
  })

  test('counts when its end never comes', async () => {
    const whole = formatServerFlight({ ...rc4, chain: [Buffer.alloc(40_000).toString('base64')] })
    expect(await offer(socket => socket.end(whole.subarray(0, 20_000)))).toMatchObject({ accepted: true, cipher: rc4.cipher })
    expect(await offer(socket => socket.write(whole.subarray(0, 20_000)), 300)).toMatchObject({ accepted: true, cipher: rc4.cipher })
  })

  test('is no, when the peer hangs up or resets', async () => {
    expect(await offer(socket => socket.end())).toEqual({ accepted: false, alert: null })
    expect(await offer(socket => socket.resetAndDestroy())).toEqual({ accepted: false, alert: null })
    expect(await offer(socket => socket.end(Buffer.from('15030100020246', 'hex')))).toEqual({ accepted: false, alert: 70 })
  })

  test('is missing, when there is none: silence, part of a record, words in clear, a heap of octets', async () => {
    expect(await failureOf(offer(() => undefined, 300))).toMatchObject({ event: 'timeout', reason: 'tarpit' })
    expect(await failureOf(offer(socket => socket.end(Buffer.from('1603', 'hex'))))).toMatchObject({ event: 'closed', reason: 'connection-lost' })
    expect(await failureOf(offer(socket => socket.end('220 hello\r\n')))).toMatchObject({ event: 'handshake', detail: 'the peer sent plaintext where TLS was expected' })
    expect(await failureOf(offer(socket => socket.end(Buffer.from('16030100040b000000', 'hex'))))).toMatchObject({ event: 'handshake' })
    const flood = Buffer.concat([Buffer.from('1603014000', 'hex'), Buffer.from('02ffffff', 'hex'), Buffer.alloc(0x3ffc)])
    expect(await failureOf(offer(socket => {
      for (let i = 0; i < 20; i++) socket.write(flood)
    }))).toMatchObject({ event: 'handshake' })
  })
})

test('a handshake without a name sends none', async () => {
  const named: (string | null)[] = []
  const connection = await visit(await answering(socket => socket.once('data', (octets: Buffer) => {
    named.push(parseClientHello(octets)?.servername ?? null)
    socket.destroy()
  })), { ...implicit, deferTls: true })
  await failureOf(connection.startTls({ withoutName: true }))
  const other = await visit(await answering(socket => socket.once('data', (octets: Buffer) => {
    named.push(parseClientHello(octets)?.servername ?? null)
    socket.destroy()
  })), { ...implicit, deferTls: true })
  await failureOf(other.startTls())
  expect(named).toEqual([null, 'mx1.example.com'])
})
