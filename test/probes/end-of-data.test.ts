/** Where a message ends, over real sockets: servers that end it where RFC 5321 says, and servers that end it elsewhere, too. */
import { expect, test } from 'vitest'
import check from '../../src/checks/smtp/end-of-data-strict.ts'
import type { Network } from '../../src/network/network.ts'
import { openLines } from '../../src/network/line-connection.ts'
import { domainProbes, subjectProbes } from '../../src/probes/index.ts'
import { createSessions } from '../../src/probes/sessions.ts'
import { run } from '../../src/run.ts'
import type { Scope } from '../../src/scope.ts'
import { trustAnchors } from '../../src/syntax/certificate.ts'
import { usualScope } from '../check-table.ts'
import { listen } from '../network/peer.ts'
import { createWorld } from '../world.ts'

interface Server {
  /** Octets that end a message besides CRLF.CRLF. */
  readonly ends?: string
  /** Bare line ends are an error: the message is refused when it has come to its end. */
  readonly refusesBare?: boolean
  /** Hangs up at the first message. */
  readonly hangsUp?: boolean
}

/** A server of SMTP that reads octet by octet, as the lax ones do. */
function serve({ ends, refusesBare = false, hangsUp = false }: Server, heard: string[]) {
  return listen(socket => {
    let octets = ''
    let inData = false
    socket.setEncoding('latin1')
    socket.write('220 mx1.example.com ESMTP\r\n')
    socket.on('error', () => undefined)
    socket.on('data', (piece: string) => {
      octets += piece
      for (;;) {
        const endings = inData ? ['\r\n.\r\n', ...(ends === undefined ? [] : [ends])] : ['\r\n']
        const found = endings.map(ending => ({ ending, at: octets.indexOf(ending) })).filter(({ at }) => at >= 0).toSorted((a, b) => a.at - b.at)[0]
        if (!found) return
        const text = octets.slice(0, found.at)
        octets = octets.slice(found.at + found.ending.length)
        if (inData) {
          inData = false
          if (hangsUp) { socket.destroy(); return }
          socket.write(refusesBare && /[^\r]\n|\r[^\n]/.test(text) ? '550 5.5.2 bare line ends\r\n' : '250 2.0.0 queued\r\n')
          continue
        }
        heard.push(text)
        const [verb = ''] = text.toUpperCase().split(/[ :]/)
        if (verb === 'DATA') inData = true
        socket.write({ EHLO: '250 mx1.example.com', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on', NOOP: '250 ok', RSET: '250 ok', QUIT: '221 bye' }[verb]?.concat('\r\n') ?? '500 5.5.2 unknown\r\n')
        if (verb === 'QUIT') socket.end()
      }
    })
  })
}

async function judged(server: Server) {
  const heard: string[] = []
  const { address, port } = await serve(server, heard)
  const world = await createWorld({ zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1' })
  const network: Network = { ...world, connect: (endpoint, options) => openLines(endpoint, { target: { address, port, source: undefined }, anchors: trustAnchors([]), timeout: 2000 }, options) }
  const scope: Scope = { ...usualScope, permissions: new Set(['own']), accounts: [{ service: 'imaps', user: 'joe@example.com', password: 'env:JOE' }] }
  const { findings } = await run(scope, { checks: [check], domainProbes, subjectProbes }, { network, sessions: createSessions() })
  return { told: findings.map(({ verdict, code, args }) => [verdict, code, args['sequence'] ?? null]), heard }
}

test('a strict server passes, and gets three messages', async () => {
  const { told, heard } = await judged({})
  expect(told).toEqual([['pass', null, null]])
  expect(heard.filter(line => line === 'DATA')).toHaveLength(3)
  expect(heard).not.toContain('XMAILCHECK')
})

test('one that refuses bare line ends is strict, too', async () => {
  expect((await judged({ refusesBare: true })).told).toEqual([['pass', null, null]])
})

test.each([['LF.CRLF', '\n.\r\n'], ['LF.LF', '\n.\n'], ['CR.CR', '\r.\r']])('one that ends a message at %s as well runs what stands behind it', async (sequence, ends) => {
  const { told, heard } = await judged({ ends })
  expect(told).toEqual([['fail', 'failed', sequence]])
  expect(heard).toContain('XMAILCHECK')
  expect(heard.filter(line => line.startsWith('MAIL')).length).toBeLessThanOrEqual(3)
})

test('of one that hangs up nothing is known', async () => {
  expect((await judged({ hangsUp: true })).told).toEqual([['unknown', 'connection-lost', null]])
})
