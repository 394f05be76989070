import { createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { limits } from '../../src/network/line-reader.ts'
import { deaf, failureOf, listen, visit } from './peer.ts'

const says = (...texts: readonly (string | Buffer)[]) => (socket: Socket) => {
  for (const text of texts) socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text)
}

describe('lines', () => {
  test('end at CRLF or LF, and are octets', async () => {
    const connection = await visit(await listen(says('220 m\xfcnchen\r\n\n', '250 a\rb\r\r\n', Buffer.from([0, 0xff, 0x0a]))))
    const lines = [await connection.readLine(), await connection.readLine(), await connection.readLine(), await connection.readLine()]
    expect(lines.map(line => line.text)).toEqual(['220 m\xfcnchen', '', '250 a\rb\r', '\0\xff'])
    expect(lines.every(line => line.at >= 0 && line.at < 20_000)).toBe(true)
  })

  test('are put together from segments of any size', async () => {
    const connection = await visit(await listen(socket => {
      socket.setNoDelay(true)
      const send = (text: string): void => {
        if (text !== '') socket.write(text.slice(0, 1), () => send(text.slice(1)))
      }
      send('220 mx1.example.com\r\n250 second\r\n')
    }))
    expect((await connection.readLine()).text).toBe('220 mx1.example.com')
    expect((await connection.readLine()).text).toBe('250 second')
  })

  test('are sent as octets with CRLF, and only one at a time', async () => {
    const connection = await visit(await listen(socket => socket.on('data', octets => socket.write(`${octets.toString('hex')}\r\n`))))
    await connection.writeLine('EHLO \xff')
    expect((await connection.readLine()).text).toBe('45484c4f20ff0d0a')
    await expect(connection.writeLine('RSET\r\nDATA')).rejects.toThrow(TypeError)
    await expect(connection.writeLine('RSET\nDATA')).rejects.toThrow(TypeError)
  })

  test('that came before the end are read, then the end is told, again and again', async () => {
    const connection = await visit(await listen(socket => socket.end('554 no service\r\nhalf a line')))
    expect((await connection.readLine()).text).toBe('554 no service')
    const closed = { event: 'closed', reason: 'connection-lost', detail: 'the peer closed the connection' }
    expect(await failureOf(connection.readLine())).toEqual(closed)
    expect(await failureOf(connection.readLine())).toEqual(closed)
    expect(await failureOf(connection.writeLine('QUIT'))).toEqual(closed)
    expect(await failureOf(connection.startTls())).toEqual(closed)
  })

  test('that came before the peer went away are read even when a command is written first', async () => {
    const connection = await visit(await listen(socket => {
      socket.write('220 hello\r\n421 too many connections\r\n')
      socket.once('data', () => socket.resetAndDestroy())
    }))
    expect((await connection.readLine()).text).toBe('220 hello')
    await connection.writeLine('EHLO a.example')
    await connection.writeLine('QUIT')
    expect((await connection.readLine()).text).toBe('421 too many connections')
    expect(await failureOf(connection.readLine())).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer reset the connection' })
  })
})

test('a LF without CR is a line end, and is kept where octets are counted', async () => {
  for (const [longReplies, expected] of [[false, ['one', 'two', '']], [true, ['one\n', 'two', '\n']]] as const) {
    const connection = await visit(await listen(socket => socket.write('one\ntwo\r\n\n')), { longReplies })
    expect([await connection.readLine(), await connection.readLine(), await connection.readLine()].map(({ text }) => text)).toEqual(expected)
  }
})

test('the messages of a large folder are named in one line where replies are long', async () => {
  const line = `* SEARCH${' 1234567'.repeat(20_000)}`
  const connection = await visit(await listen(socket => socket.write(`${line}\r\n`)), { longReplies: true })
  expect((await connection.readLine()).text === line).toBe(true)
})

describe('a peer that', () => {
  test('refuses', async () => {
    const server = createServer()
    const port = await new Promise<number>(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
    await new Promise(resolve => server.close(resolve))
    expect(await failureOf(visit({ address: '127.0.0.1', port })))
      .toEqual({ event: 'refused', reason: 'connection-lost', detail: 'connection refused' })
  })

  test('closes at once', async () => {
    const connection = await visit(await listen(socket => socket.end()))
    expect(await failureOf(connection.readLine())).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer closed the connection' })
  })

  test('resets', async () => {
    const connection = await visit(await listen(socket => socket.once('data', () => socket.resetAndDestroy())))
    await connection.writeLine('EHLO a.example')
    expect(await failureOf(connection.readLine())).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer reset the connection' })
  })

  test('says nothing', async () => {
    const connection = await visit(await listen(() => undefined), { timeout: 400 })
    expect(await failureOf(connection.readLine())).toEqual({ event: 'timeout', reason: 'tarpit', detail: 'the reply was not complete within 0.4 s' })
  })

  test('sends an octet now and then gains no time by it', async () => {
    const connection = await visit(await listen(socket => {
      const timer = setInterval(() => socket.write('2'), 10)
      socket.on('close', () => clearInterval(timer))
    }), { timeout: 500 })
    expect(await failureOf(connection.readLine())).toMatchObject({ event: 'timeout', reason: 'tarpit' })
  })

  test('sends a line now and then gains no time by it either, until we speak again', async () => {
    let speaking = true
    const connection = await visit(await listen(socket => {
      const timer = setInterval(() => speaking && socket.write('250-and\r\n'), 10)
      socket.on('data', () => {
        speaking = false
        socket.write('250 done\r\n')
      })
      socket.on('close', () => clearInterval(timer))
    }), { timeout: 500 })
    const all = async (): Promise<never> => {
      for (;;) await connection.readLine()
    }
    expect(await failureOf(all())).toMatchObject({ event: 'timeout', reason: 'tarpit' })
    expect(speaking).toBe(true)
  })

  test('reads nothing', async () => {
    const connection = await visit(await listen(socket => socket.pause()), { timeout: 500 })
    const flood = async (): Promise<never> => {
      for (;;) await connection.writeLine('x'.repeat(1_000_000))
    }
    expect(await failureOf(flood())).toEqual({ event: 'timeout', reason: 'tarpit', detail: 'nothing could be sent within 0.5 s' })
  })

  test('never ends its line', async () => {
    const connection = await visit(await listen(says('2'.repeat(1_000_000))))
    expect(await failureOf(connection.readLine()))
      .toEqual({ event: 'too-long', reason: 'tarpit', detail: `a line of more than ${limits.line} octets` })
    expect(await failureOf(connection.readLine())).toMatchObject({ event: 'too-long' })
  })

  test('never ends its reply', async () => {
    const connection = await visit(await listen(says('250-more\r\n'.repeat(2000))))
    for (let line = 0; line < limits.lines; line++) await connection.readLine()
    expect(await failureOf(connection.readLine()))
      .toEqual({ event: 'too-long', reason: 'tarpit', detail: `a reply of more than ${limits.lines} lines` })
  })

  test('sends long lines without end', async () => {
    const connection = await visit(await listen(says(`250-${'x'.repeat(10_000)}\r\n`.repeat(100))))
    const read: number[] = []
    const all = async (): Promise<never> => {
      for (;;) read.push((await connection.readLine()).text.length)
    }
    expect(await failureOf(all())).toEqual({ event: 'too-long', reason: 'tarpit', detail: `a reply of more than ${limits.octets} octets` })
    expect(read.length).toBe(26)
  })

  test('answers many commands is not taken for one without end', async () => {
    const connection = await visit(await listen(socket => socket.on('data', () => socket.write('250-x\r\n'.repeat(400)))))
    for (let command = 0; command < 3; command++) {
      await connection.writeLine('EHLO a.example')
      for (let line = 0; line < 400; line++) await connection.readLine()
    }
  })

  test('pushes 64 MB is held back by TCP', async () => {
    let sent = 0
    const connection = await visit(await listen(socket => {
      const block = Buffer.alloc(1_000_000, 'x')
      const push = (): void => {
        while (sent < 64_000_000 && !socket.destroyed) {
          sent += block.length
          if (!socket.write(block)) {
            socket.once('drain', push)
            return
          }
        }
      }
      socket.write('220 hello\r\n')
      push()
    }))
    await connection.readLine()
    const buffers = process.memoryUsage().arrayBuffers
    // The time that a hundred further turns of the loop give the peer is enough to fill whatever would be filled.
    for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(sent).toBeLessThan(64_000_000)
    expect(process.memoryUsage().arrayBuffers - buffers).toBeLessThan(8_000_000)
    expect(await failureOf(connection.readLine())).toMatchObject({ event: 'too-long' })
  })
})

describe('a connection', () => {
  test('keeps its own count of time', async () => {
    const connection = await visit(await listen(says('220 hello\r\n')))
    expect(connection.connected).toBeGreaterThanOrEqual(0)
    expect(connection.endpoint).toEqual({ host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' })
    expect(connection.tls).toBeUndefined()
    expect(connection.injected).toBe('')
  })

  test('that is closed is gone for the peer as well, and fails for us', async () => {
    const peer = await listen(says('220 hello\r\n'))
    const connection = await visit(peer)
    const reading = failureOf(connection.readLine().then(() => connection.readLine()))
    connection.close()
    expect(await reading).toMatchObject({ event: 'closed', reason: 'connection-lost' })
    await peer.idle()
    expect(await failureOf(connection.writeLine('QUIT'))).toMatchObject({ event: 'closed' })
  })

  test('that failed is gone for the peer as well', async () => {
    const peer = await listen(says('2'.repeat(100_000)))
    const connection = await visit(peer)
    await failureOf(connection.readLine())
    await peer.idle()
  })

  test('leaves what it wrote last to be read', async () => {
    let heard: (text: string) => void
    const goodbye = new Promise<string>(resolve => heard = resolve)
    const connection = await visit(await listen(socket => socket.on('data', octets => heard(octets.toString()))))
    await connection.writeLine('QUIT')
    connection.close()
    expect(await goodbye).toBe('QUIT\r\n')
  })

  test('goes over IPv6 too', async context => {
    const peer = await listen(says('220 six\r\n'), '::1').catch(() => context.skip('there is no ::1 here'))
    expect((await (await visit(peer)).readLine()).text).toBe('220 six')
  })

  test('begins at the local address given, if that is of the peer’s family', async () => {
    const peer = await listen(socket => socket.write(`${socket.remoteAddress ?? ''}\r\n`))
    const from = async (source: string): Promise<string> => {
      const connection = await visit({ ...peer }, { source })
      return (await connection.readLine()).text
    }
    expect(await from('127.0.0.2')).toBe('127.0.0.2')
    expect(await from('2001:db8::1')).toBe('127.0.0.1')
  })

  test('from an address that is not ours is out of reach', async () => {
    expect(await failureOf(visit(await listen(() => undefined), { source: '192.0.2.7' })))
      .toEqual({ event: 'unreachable', reason: 'no-ipv4-here', detail: 'no route over IPv4 (EADDRNOTAVAIL)' })
  })

  test('that the system forbids is blocked here', async () => {
    // Linux forbids TCP to the broadcast address without asking anybody.
    expect(await failureOf(visit({ address: '255.255.255.255', port: 25 })))
      .toMatchObject({ event: 'unreachable', reason: expect.stringMatching(/^(local-egress-blocked|no-ipv4-here)$/) as string })
  })

  test('that nobody accepts in time', async () => {
    const peer = await deaf()
    expect(await failureOf(visit(peer, { timeout: 50 })))
      .toEqual({ event: 'timeout', reason: 'connect-timeout', detail: 'no connection within 0.05 s' })
    expect(await failureOf(visit(peer, { timeout: 10_000, connectTimeout: 60 }))).toMatchObject({ detail: 'no connection within 0.06 s' })
  })
})
