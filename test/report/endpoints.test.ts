import { expect, test } from 'vitest'
import { endpointRows } from '../../src/report/endpoints.ts'

const name = 'mx1.example.com[192.0.2.1]:25'
const tlsOf = (rest: object): string | undefined => {
  const session = { protocol: 'smtp', name, endpoint: { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }, transcript: [], ...rest }
  return endpointRows({ facts: { smtp: { [name]: session } } })[0]?.tls
}
const broken = (stage: string, event: string) => ({ connected: 5, failure: { event, reason: 'tarpit', detail: '', stage } })

test.each([
  ['a server that offers no STARTTLS', { connected: 5, greeting: ['220 mx1'], ehlo: ['250 mx1'] }, 'none'],
  ['one that turns us away', { connected: 5, greeting: ['554 mx1'] }, 'turned away'],
  ['one that says nothing', broken('greeting', 'timeout'), 'timed out'],
  ['one that hangs up at EHLO', { ...broken('command', 'closed'), greeting: ['220 mx1'] }, 'closed'],
  ['one whose handshake fails', { ...broken('handshake', 'handshake'), greeting: ['220 mx1'], ehlo: ['250-mx1', '250 STARTTLS'] }, 'TLS failed'],
  ['one that cannot be reached', { failure: { event: 'refused', reason: 'connection-lost', detail: '', stage: 'connect' } }, 'refused'],
])('the TLS of %s', (_, session, shown) => {
  expect(tlsOf(session)).toBe(shown)
})
