import { expect, test } from 'vitest'
import { outcome } from '../../src/network/network.ts'
import { watch, type NetworkEvent } from '../../src/network/watch.ts'
import { createWorld } from '../world.ts'

test('tells what happens, in order, each exchange under its own id', async () => {
  const world = await createWorld({
    zone: 'example.com MX 10 mx1.example.com\nexample.com TXT (timeout)',
    sessions: { 'mx1.example.com[192.0.2.1]:25': 'S: 220 hello\nC: STARTTLS\nS: 220 go\n* tls\nC: AUTH PLAIN *\n* closed' },
    pages: { 'https://example.com/': 'hello' },
  })
  const events: NetworkEvent[] = []
  const network = watch(world, event => events.push(event))
  await network.query({ name: 'example.com', type: 'MX' })
  await outcome(network.query({ name: 'example.com', type: 'TXT' }))
  const connection = await network.connect({ host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' })
  await connection.readLine()
  await connection.writeLine('STARTTLS')
  await connection.readLine()
  await connection.startTls()
  await connection.writeLine('AUTH PLAIN c2VjcmV0', 'AUTH PLAIN ****')
  await outcome(connection.readLine())
  connection.close()
  connection.close()
  await network.fetch('https://example.com/')
  expect(events.map(event => `${event.id} ${event.kind}${'line' in event ? ` ${event.line}` : ''}`)).toEqual([
    '1 asked', '1 answered', '2 asked', '2 failed', '3 connecting', '3 connected', '3 received 220 hello', '3 sent STARTTLS', '3 received 220 go',
    '3 handshaking', '3 tls', '3 sent AUTH PLAIN ****', '3 failed', '3 closed', '4 fetching', '4 fetched',
  ])
  expect(JSON.stringify(events)).not.toContain('c2VjcmV0')
  const times = events.map(({ at }) => at)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(connection.tls).toBeDefined()
})
