import { expect, test } from 'vitest'
import { whenOpened } from '../../src/network/when-opened.ts'
import { createWorld } from '../world.ts'

test('is opened when something is first asked of it, and once', async () => {
  let opened = 0
  const network = whenOpened(async () => {
    opened++
    return createWorld({ zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1', pages: { 'https://example.com/': 'hello' }, sessions: { '[192.0.2.1]:25': 'S: 220 hello' } })
  })
  expect(network.now().getTime()).toBeLessThanOrEqual(Date.now())
  expect(opened).toBe(0)
  const [answer, page, connection] = await Promise.all([
    network.query({ name: 'example.com', type: 'MX' }), network.fetch('https://example.com/'),
    network.connect({ host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }),
  ])
  expect(answer.records).toHaveLength(1)
  expect(page.body).toBe('hello')
  expect((await connection.readLine()).text).toBe('220 hello')
  expect(opened).toBe(1)
})

test('tells whoever asks why it could not be opened', async () => {
  const network = whenOpened(() => Promise.reject(new Error('no world')))
  await expect(network.query({ name: 'example.com', type: 'MX' })).rejects.toThrow('no world')
})
