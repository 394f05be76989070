import { createSocket } from 'node:dgram'
import { lookup, resolveMx } from 'node:dns'
import { once } from 'node:events'
import { request } from 'node:https'
import { connect, createServer, Socket, type AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'

const away = /tests reach loopback alone/

test.each([
  ['TCP', () => connect({ host: '192.0.2.1', port: 25 })],
  ['TCP by port and host', () => connect(25, '192.0.2.1')],
  ['TCP over IPv6', () => new Socket().connect(25, '2001:db8::1')],
  ['TCP to a name', () => connect({ host: 'mx1.example.com', port: 25 })],
  ['TLS', () => connectTls({ host: '192.0.2.1', port: 465 })],
  ['HTTPS', () => request('https://192.0.2.1/').end()],
  ['a name', () => lookup('example.com', () => undefined)],
  ['a record', () => resolveMx('example.com', () => undefined)],
  ['UDP', () => {
    const socket = createSocket('udp4')
    try {
      socket.send('hello', 53, '192.0.2.53')
    } finally {
      socket.close()
    }
  }],
  ['connected UDP', () => {
    const socket = createSocket('udp6')
    try {
      socket.connect(53, '2001:db8::53')
    } finally {
      socket.close()
    }
  }],
])('no test gets out: %s', (_, attempt) => {
  expect(attempt).toThrow(away)
})

test('loopback is open', async () => {
  const server = createServer(socket => socket.end('hello'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  expect(String((await once(socket, 'data'))[0])).toBe('hello')
  socket.destroy()
  server.close()
})
