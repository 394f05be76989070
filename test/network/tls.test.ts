import { connect, type Socket } from 'node:net'
import { TLSSocket, type TlsOptions } from 'node:tls'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createAuthority, createSelfSigned, type Authority, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { formatServerFlight } from '../../src/lab/server-flight.ts'
import { NetworkFailure, type Connection } from '../../src/network/network.ts'
import { parseCertificate, trustAnchors } from '../../src/syntax/certificate.ts'
import { credentials, failureOf, listen, listenTls, upgrade, visit, type Peer } from './peer.ts'

let root: Authority, intermediate: Authority, leaf: IssuedCertificate, rsa: IssuedCertificate
beforeAll(async () => {
  root = await createAuthority('Example Root')
  intermediate = await root.intermediate('Example Intermediate')
  leaf = await intermediate.issue({ names: ['mx1.example.com'] })
  rsa = await root.issue({ names: ['mx1.example.com'], key: 'rsa2048' })
})

/** Consents to whatever comes first, and then does as told. */
const consenting = (after: (socket: Socket) => void, consent: string | Buffer = '220 go ahead\r\n') => (socket: Socket) => {
  socket.write('220 mx1.example.com\r\n')
  socket.once('data', () => {
    if (consent.length > 0) socket.write(consent)
    after(socket)
  })
}

async function begin(connection: Connection): Promise<void> {
  await connection.readLine()
  await connection.writeLine('STARTTLS')
  expect((await connection.readLine()).text).toBe('220 go ahead')
}

describe('STARTTLS', () => {
  test('carries the conversation on inside TLS', async () => {
    const connection = await visit(await listen(consenting(socket => {
      const secure = upgrade(socket, credentials(leaf))
      secure.on('data', (octets: Buffer) => secure.write(`250-${octets.toString().trim()} over ${secure.getProtocol() ?? ''}\r\n250 \xff\r\n`, 'latin1'))
    })), { anchors: trustAnchors([root.pem]) })
    await begin(connection)
    const session = await connection.startTls()
    expect(session).toMatchObject({
      version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', servername: 'mx1.example.com', ocspResponse: null,
      chain: leaf.chain.map(der => der.toString('base64')),
      trust: { trusted: true, anchor: 'CN=Example Root', path: [0, 1] },
    })
    expect(session.keyExchange).toMatch(/^X25519(MLKEM768)?$/)
    expect(session.elapsed).toBeGreaterThanOrEqual(0)
    expect(connection.tls).toBe(session)
    expect(connection.injected).toBe('')
    await connection.writeLine('EHLO a.example')
    expect((await connection.readLine()).text).toBe('250-EHLO a.example over TLSv1.3')
    expect((await connection.readLine()).text).toBe('250 \xff')
    await expect(connection.startTls()).rejects.toThrow(TypeError)
  })

  test('keeps what came in clear in the segment of the consent, and never reads it as a reply', async () => {
    const connection = await visit(await listen(consenting(socket => {
      const secure = upgrade(socket, credentials(leaf))
      secure.once('data', () => secure.write('250 inside\r\n'))
    }, '220 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN\xff\r\n')))
    await begin(connection)
    await connection.startTls()
    expect(connection.injected).toBe('250-evil.example\r\n250 AUTH PLAIN\xc3\xbf\r\n')
    await connection.writeLine('EHLO a.example')
    expect((await connection.readLine()).text).toBe('250 inside')
  })

  test('keeps what came in clear before the handshake in a segment of its own', async () => {
    const connection = await visit(await listen(consenting(socket => {
      socket.once('data', () => { // our ClientHello
        socket.write('250-evil.example\r\n')
      })
    })))
    await begin(connection)
    expect(await failureOf(connection.startTls()))
      .toEqual({ event: 'handshake', reason: 'connection-lost', detail: 'the peer sent plaintext where TLS was expected' })
    expect(connection.injected).toBe('250-evil.example\r\n')
    expect(await failureOf(connection.readLine())).toMatchObject({ event: 'handshake' })
  })

  test('keeps no more of it than a page', async () => {
    const connection = await visit(await listen(consenting(socket => {
      socket.once('data', () => socket.write('y'.repeat(10_000)))
    }, `220 go ahead\r\n${'x'.repeat(3000)}`)))
    await begin(connection)
    await failureOf(connection.startTls())
    expect(connection.injected).toBe('x'.repeat(3000) + 'y'.repeat(1096))
  })

  test('sends the first command inside TLS together with the end of the handshake', async () => {
    const server = await listen(consenting(socket => {
      const secure = upgrade(socket, credentials(leaf))
      secure.once('data', () => secure.write('250 inside\r\n'))
    }))
    const chunks: Buffer[] = []
    const way = await listen(socket => {
      const onward = connect(server.port, server.address)
      socket.on('data', (chunk: Buffer) => chunks.push(chunk)).pipe(onward).pipe(socket)
    })
    const connection = await visit(way)
    await begin(connection)
    await connection.startTls()
    await connection.writeLine('EHLO a.example')
    expect((await connection.readLine()).text).toBe('250 inside')
    expect(chunks.length).toBe(3) // STARTTLS, the ClientHello, and all the rest
  })

  test('is left by both sides when it is over', async () => {
    const peer = await listen(consenting(socket => upgrade(socket, credentials(leaf))))
    const connection = await visit(peer)
    await begin(connection)
    await connection.startTls()
    connection.close()
    await peer.idle()
  })
})

describe('a peer that breaks the handshake:', () => {
  const broken = async (act: (socket: Socket) => void, timeout?: number): Promise<unknown> => {
    const peer = await listen(consenting(socket => socket.once('data', () => act(socket))))
    const connection = await visit(peer, timeout === undefined ? {} : { timeout })
    await begin(connection)
    const failure = await failureOf(connection.startTls())
    await peer.idle()
    return failure
  }

  test('it closes', async () => {
    expect(await broken(socket => socket.end())).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer closed the connection' })
  })
  test('it resets', async () => {
    expect(await broken(socket => socket.resetAndDestroy())).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer reset the connection' })
  })
  test('it closes in the middle of its own flight', async () => {
    expect(await broken(socket => socket.end(Buffer.from('16030300', 'hex')))).toMatchObject({ event: 'closed', reason: 'connection-lost' })
  })
  test('it says nothing', async () => {
    expect(await broken(() => undefined, 500)).toEqual({ event: 'timeout', reason: 'tarpit', detail: 'the TLS handshake was not complete within 0.5 s' })
  })
  test('it sends an octet now and then', async () => {
    expect(await broken(socket => {
      let octet = 0
      const timer = setInterval(() => socket.write(Buffer.of([0x16, 3, 3, 0x40][octet++] ?? 0)), 10)
      socket.on('close', () => clearInterval(timer))
    }, 500)).toMatchObject({ event: 'timeout', reason: 'tarpit' })
  })
  test.each([[40, 'TLS alert 40, handshake_failure'], [70, 'TLS alert 70, protocol_version'], [80, 'TLS alert 80, internal_error'], [112, 'TLS alert 112, unrecognized_name'], [233, 'TLS alert 233']])(
    'it sends alert %i', async (alert, detail) => {
      expect(await broken(socket => socket.end(Buffer.of(0x15, 3, 3, 0, 2, 2, alert)))).toEqual({ event: 'handshake', reason: 'connection-lost', detail })
    })
  test('it sends something that only begins like TLS', async () => {
    expect(await broken(socket => socket.write(Buffer.concat([Buffer.of(0x16), Buffer.alloc(500, 0x41)]))))
      .toEqual({ event: 'handshake', reason: 'connection-lost', detail: 'what the peer sent is not TLS' })
  })
  test('it sends a handshake that makes no sense', async () => {
    expect(await broken(socket => socket.write(Buffer.concat([Buffer.of(0x16, 3, 3, 1, 0, 2, 0, 0, 0xfc), Buffer.alloc(252, 0x41)]))))
      .toMatchObject({ event: 'handshake', reason: 'connection-lost' })
  })
})

describe('a way to the peer that', () => {
  /** Hands everything on, what the server says through `change`. */
  const through = async (change: (octets: Buffer, at: number, client: Socket) => Buffer): Promise<Peer> => {
    const server = await listenTls(credentials(leaf), secure => secure.end('220 hello\r\n'))
    return await listen(client => {
      let at = 0
      const onward = connect(server.port, server.address)
      onward.on('error', () => undefined)
      client.pipe(onward)
      onward.on('data', (octets: Buffer) => {
        const changed = change(octets, at, client)
        at += octets.length
        if (!client.destroyed) client.write(changed)
      })
      onward.on('end', () => client.end())
      client.on('close', () => onward.destroy())
    })
  }
  const greeting = async (peer: Peer): Promise<string> => {
    try {
      const connection = await visit(peer, { tls: 'implicit', timeout: 10_000 })
      return (await connection.readLine()).text
    } catch (error) {
      if (error instanceof NetworkFailure) return error.event
      throw error
    }
  }

  test('breaks off after any octet', async () => {
    for (let most = 0; most < 1100; most += 53) {
      const reset = most % 2 === 0
      const outcome = await greeting(await through((octets, at, client) => {
        if (at + octets.length <= most) return octets
        if (reset) client.resetAndDestroy()
        else client.end(octets.subarray(0, Math.max(0, most - at)))
        return Buffer.alloc(0)
      }))
      expect([most, outcome]).toEqual([most, 'closed'])
    }
  })

  test('falsifies any octet', async () => {
    for (let place = 0; place < 1200; place += 37) {
      const outcome = await greeting(await through((octets, at) => {
        const changed = Buffer.from(octets)
        if (place >= at && place < at + octets.length) changed[place - at] = (changed[place - at] ?? 0) ^ 0x55
        return changed
      }))
      expect([place, outcome]).toEqual([place, expect.stringMatching(/^(handshake|closed|220 hello)$/)])
    }
  })
})

describe('implicit TLS', () => {
  test('is part of connecting', async () => {
    const connection = await visit(await listenTls(credentials(leaf), secure => secure.write('* OK ready\r\n')), { tls: 'implicit' })
    expect(connection.tls).toMatchObject({ version: 'TLSv1.3', servername: 'mx1.example.com' })
    expect((await connection.readLine()).text).toBe('* OK ready')
  })
  test('that meets a greeting in clear', async () => {
    const failure = await failureOf(visit(await listen(socket => socket.write('220 mx1.example.com\r\n')), { tls: 'implicit' }))
    expect(failure).toEqual({
      event: 'handshake', reason: 'connection-lost', detail: 'the peer sent plaintext where TLS was expected', connected: expect.any(Number) as number,
    })
  })
  test('tells that TCP was accepted when the handshake fails', async () => {
    expect(await failureOf(visit(await listen(socket => socket.end()), { tls: 'implicit' })))
      .toMatchObject({ event: 'closed', connected: expect.any(Number) as number })
  })
  test('with a peer that ends the connection inside TLS', async () => {
    const connection = await visit(await listenTls(credentials(leaf), secure => secure.end('554 no\r\n')), { tls: 'implicit' })
    expect((await connection.readLine()).text).toBe('554 no')
    expect(await failureOf(connection.readLine())).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer closed the connection' })
  })
  test('with a peer that insists on a certificate of ours says so, whenever the alert comes', async () => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const peer = await listenTls({ ...credentials(leaf), requestCert: true, rejectUnauthorized: true, maxVersion })
      const failure = await failureOf(visit(peer, { tls: 'implicit' }).then(connection => connection.readLine()))
      expect(failure).toMatchObject({ event: 'handshake', detail: maxVersion === 'TLSv1.3' ? 'TLS alert 116, certificate_required' : 'TLS alert 40, handshake_failure' })
    }
  })
  test('goes over IPv6 too', async context => {
    const peer = await listenTls(credentials(leaf), undefined, '::1').catch(() => context.skip('there is no ::1 here'))
    expect((await visit(peer, { tls: 'implicit' })).tls).toMatchObject({ version: 'TLSv1.3' })
  })
})

describe('what is seen of the handshake', () => {
  test.each(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const)('%s alone', async version => {
    const peer = await listenTls({ ...credentials(leaf), minVersion: version, maxVersion: version })
    expect((await visit(peer, { tls: 'implicit' })).tls?.version).toBe(version)
  })

  test.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', /^X25519$/],
    ['DHE-RSA-AES256-GCM-SHA384', 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', /^DH 2048$/],
    ['AES128-SHA', 'TLS_RSA_WITH_AES_128_CBC_SHA', /^RSA$/],
  ])('%s alone', async (ciphers, name, keyExchange) => {
    const certificate = ciphers.includes('ECDSA') ? leaf : rsa
    const peer = await listenTls({ ...credentials(certificate), ciphers, maxVersion: 'TLSv1.2', dhparam: 'auto' })
    const { tls } = await visit(peer, { tls: 'implicit' })
    expect(tls?.cipher).toBe(name)
    expect(tls?.keyExchange).toMatch(keyExchange)
  })

  test('a server that chooses by our preference still gets the best first', async () => {
    const chosen = async (maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<string | undefined> => {
      const peer = await listenTls({ ...credentials(leaf), maxVersion, honorCipherOrder: false })
      return (await visit(peer, { tls: 'implicit' })).tls?.cipher
    }
    expect(await chosen('TLSv1.3')).toBe('TLS_AES_256_GCM_SHA384')
    expect(await chosen('TLSv1.2')).toBe('TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384')
  })

  test('a server that offers no cipher of ours', async () => {
    const peer = await listenTls({ ...credentials(leaf), ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' })
    expect(await failureOf(visit(peer, { tls: 'implicit' }))).toMatchObject({ event: 'handshake', detail: 'TLS alert 40, handshake_failure' })
  })

  test('an RSA key that TLS libraries no longer accept', async () => {
    const weak = await createSelfSigned({ names: ['mx1.example.com'], key: 'rsa1024', hash: 'sha1' })
    const { tls } = await visit(await listenTls(credentials(weak)), { tls: 'implicit' })
    expect(parseCertificate(tls?.chain[0] ?? '')).toMatchObject({ key: { type: 'rsa', bits: 1024 }, signatureAlgorithm: 'sha1WithRSAEncryption' })
    expect(tls?.trust).toEqual({ trusted: false, problem: 'self-signed' })
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('the chain in %s: exactly as served, whatever it is', async maxVersion => {
    const stranger = await createAuthority('Stranger')
    const expired = await intermediate.issue({ names: ['other.example'], notAfter: new Date('2020-01-01') })
    const anchors = trustAnchors([root.pem])
    const served = async (certificate: IssuedCertificate, ...chain: readonly { readonly der: Buffer }[]): Promise<unknown> => {
      const peer = await listenTls({ ...credentials(certificate, chain.map(one => one.der)), maxVersion })
      const { tls } = await visit(peer, { tls: 'implicit', anchors })
      expect(tls?.chain).toEqual(chain.map(one => one.der.toString('base64')))
      return tls?.trust
    }
    expect(await served(leaf, leaf)).toEqual({ trusted: false, problem: 'unknown-issuer' })
    expect(await served(leaf, leaf, intermediate)).toMatchObject({ trusted: true, path: [0, 1] })
    expect(await served(leaf, leaf, intermediate, root)).toMatchObject({ trusted: true, path: [0, 1] })
    expect(await served(leaf, leaf, root, intermediate)).toMatchObject({ trusted: true, path: [0, 2] })
    expect(await served(leaf, leaf, stranger, leaf, intermediate, intermediate)).toMatchObject({ trusted: true, path: [0, 3] })
    expect(await served(expired, expired, intermediate)).toMatchObject({ trusted: true }) // dates are another matter
  })

  // node:tls has no other way to tell a chain as it was served, and never gives back what it takes for that
  test('the chain without the help of node:tls', async () => {
    // nothing is replaced: what leaks is seen in hours, and that it is not asked for at once
    const asked = vi.spyOn(TLSSocket.prototype, 'getPeerX509Certificate')
    onTestFinished(() => asked.mockRestore())
    const long = Array.from({ length: 90 }, () => intermediate.der) // more than one record, and less than OpenSSL refuses
    const options: (Omit<TlsOptions, 'cert' | 'key'>)[] = [
      ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'].map(ciphers => ({ ciphers })),
      { ecdhCurve: 'P-521' }, // of which we send no share: a HelloRetryRequest comes first
      { maxVersion: 'TLSv1.2' }, { maxVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' },
    ]
    for (const one of options) {
      const peer = await listenTls({ ...credentials(leaf, [leaf.der, ...long]), minVersion: 'TLSv1', ...one })
      const { tls } = await visit(peer, { tls: 'implicit' })
      expect(tls?.version).toBe(one.maxVersion ?? 'TLSv1.3')
      if (one.ciphers?.startsWith('TLS_')) expect(tls?.cipher).toBe(one.ciphers)
      expect(tls?.chain).toEqual([leaf.der, ...long].map(der => der.toString('base64')))
    }
    expect(asked).not.toHaveBeenCalled()
  })

  test('the chain with a status of many octets between its certificates', async () => {
    const peer = await listenTls({ ...credentials(leaf), maxVersion: 'TLSv1.3' }, () => undefined, '127.0.0.1', server => {
      server.on('OCSPRequest', (_certificate: Buffer, _issuer: Buffer, answer: (error: Error | null, response: Buffer) => void) => answer(null, Buffer.alloc(60_000)))
    })
    const { tls } = await visit(peer, { tls: 'implicit' })
    expect(tls?.chain).toEqual(leaf.chain.map(der => der.toString('base64')))
    expect(Buffer.from(tls?.ocspResponse ?? '', 'base64').length).toBe(60_000)
  })

  test('the chain by node:tls, of a cipher whose octets cannot be read here', async () => {
    const asked = vi.spyOn(TLSSocket.prototype, 'getPeerX509Certificate')
    // no OpenSSL of Node.js offers such a cipher by itself: only what node:tls calls it is put in its place
    const cipher = vi.spyOn(TLSSocket.prototype, 'getCipher').mockReturnValue({ name: 'TLS_AES_128_CCM_SHA256', standardName: 'TLS_AES_128_CCM_SHA256', version: 'TLSv1.3' })
    onTestFinished(() => {
      asked.mockRestore()
      cipher.mockRestore()
    })
    const { tls } = await visit(await listenTls(credentials(leaf, [leaf.der, root.der, intermediate.der])), { tls: 'implicit' })
    expect(tls?.chain).toEqual([leaf, root, intermediate].map(one => one.der.toString('base64')))
    expect(asked).toHaveBeenCalledTimes(1)
  })

  test('no SNI for what is no host name', async () => {
    const peer = await listenTls(credentials(leaf), secure => secure.write(`${JSON.stringify(secure.servername)}\r\n`))
    for (const [host, sni] of [['mx1.example.com', 'mx1.example.com'], ['192.0.2.1', null], ['2001:db8::1', null], ['a b.example', null], ['a'.repeat(300), null], ['_x.example', '_x.example']] as const) {
      const connection = await visit(peer, { tls: 'implicit', host })
      expect(connection.tls?.servername).toBe(sni)
      expect((await connection.readLine()).text).toBe(JSON.stringify(sni ?? false))
    }
  })

  test('no OCSP response, and a stapled one', async () => {
    const staple = Buffer.from('300306010a', 'hex')
    const peer = await listenTls(credentials(leaf))
    expect((await visit(peer, { tls: 'implicit' })).tls?.ocspResponse).toBeNull()
    const stapling = await listenTls(credentials(leaf), undefined, undefined, server => {
      server.on('OCSPRequest', (_certificate, _issuer, answer: (error: Error | null, response: Buffer) => void) => answer(null, staple))
    })
    expect((await visit(stapling, { tls: 'implicit' })).tls?.ocspResponse).toBe(staple.toString('base64'))
  })
})

test.each([[8193, true], [10_000, true], [8192, false]])('a Diffie-Hellman group of %d bits is too much to reckon with: %s', async (bits, excessive) => {
  const answer = {
    accepted: true, version: 'TLSv1.2', cipher: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', keyExchange: `DH ${bits}`,
    extendedMasterSecret: true, secureRenegotiation: true, compression: false, chain: [rsa.der.toString('base64')],
  } as const
  const connection = await visit(await listen(consenting(socket => socket.once('data', () => socket.write(formatServerFlight(answer))))))
  await begin(connection)
  const failure = await failureOf(connection.startTls())
  expect(failure.event).toBe('handshake')
  expect(failure.reason === 'client-cannot-offer' && failure.detail.includes(`group of ${bits} bits takes too long`)).toBe(excessive)
})
