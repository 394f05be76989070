/** Lines made of secrets: sent as they are, shown masked, and not read back even when a peer repeats them. */
import { describe, expect, test } from 'vitest'
import { createSelfSigned } from '../../src/lab/certificates.ts'
import { createRecorder, record } from '../../src/network/record.ts'
import { formatCassette } from '../../src/network/cassette.ts'
import { watch } from '../../src/network/watch.ts'
import type { Network } from '../../src/network/network.ts'
import { credentials, failureOf, listen, listenTls, visit } from './peer.ts'

const secret = () => ({ line: 'PASS open sesame', shown: 'PASS ***', hidden: ['open sesame'] })

test('a peer that repeats what it was sent does not get it into anything', async () => {
  const peer = await listen(socket => socket.on('data', octets => socket.write(`-ERR what is ${octets.toString('latin1').trim()}?\r\n+ dj1zaWduZWQ=\r\n`)))
  const recorder = createRecorder()
  const events: string[] = []
  const inner = { connect: () => visit(peer), now: () => new Date(0) } as unknown as Network
  const connection = await watch(record(inner, recorder), event => void events.push(JSON.stringify(event)))
    .connect({ host: 'mail.example.com', address: '192.0.2.1', port: 110, tls: 'starttls' })
  expect(await connection.writeSecret('PASS ***', secret)).toBe('PASS ***')
  expect((await connection.readLine()).text).toBe('-ERR what is PASS ***?')
  expect((await connection.readLine()).text).toBe('+ dj1zaWduZWQ=') // whoever logs in has to read it
  const kept = formatCassette(recorder.cassette()) + events.join('\n')
  expect(kept).toContain('PASS ***')
  expect(kept).not.toMatch(/open sesame|dj1zaWduZWQ/)
})

test('a mail that holds the password keeps its length', async () => {
  const peer = await listen(socket => socket.on('data', () => socket.write('* 1 FETCH (BODY[] {24}\r\nyours is "open sesame"!\r\n)\r\n')))
  const connection = await visit(peer, { longReplies: true })
  await connection.writeSecret('PASS ***', secret)
  await connection.readLine()
  expect((await connection.readLine()).text).toBe('yours is "***********"!')
})

test('a secret that is not to be had ends the session, and says which line it was for', async () => {
  const connection = await visit(await listen(() => undefined))
  expect(await failureOf(connection.writeSecret('PASS ***', () => null)))
    .toEqual({ event: 'unavailable', reason: 'not-disclosed', detail: 'the secret for "PASS ***" cannot be read' })
})

describe('what names a TLS session', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is the same at both ends, over %s', async version => {
    const certificate = await createSelfSigned({ names: ['mx1.example.com'] })
    let theirs: { exported: string; unique: string } | undefined
    const peer = await listenTls({ ...credentials(certificate), minVersion: version, maxVersion: version }, socket => {
      theirs = {
        exported: socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)).toString('latin1'),
        unique: socket.getPeerFinished()?.toString('latin1') ?? '', // the client's comes first in a full handshake
      }
      socket.write('220 hello\r\n')
    })
    const connection = await visit(peer, { tls: 'implicit' })
    await connection.readLine()
    expect(connection.channelBinding('tls-exporter')).toBe(theirs?.exported)
    expect(connection.channelBinding('tls-unique')).toBe(version === 'TLSv1.3' ? null : theirs?.unique) // not defined in TLS 1.3
    expect(theirs?.exported).toHaveLength(32)
  })

  test('is not what two sessions may share (RFC 7627)', async () => {
    const certificate = await createSelfSigned({ names: ['mx1.example.com'] })
    const withoutMasterSecret = 1 // SSL_OP_NO_EXTENDED_MASTER_SECRET
    const peer = await listenTls({ ...credentials(certificate), maxVersion: 'TLSv1.2', secureOptions: withoutMasterSecret }, socket => socket.write('220 hello\r\n'))
    const connection = await visit(peer, { tls: 'implicit' })
    await connection.readLine()
    expect(connection.tls?.version).toBe('TLSv1.2')
    expect(connection.channelBinding('tls-unique')).toBeNull()
  })

  test('is nothing in clear', async () => {
    const connection = await visit(await listen(() => undefined))
    expect(connection.channelBinding('tls-exporter')).toBeNull()
  })
})
