import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suggestConfig } from '../../src/commands/suggested-config.ts'
import { parseConfig } from '../../src/config.ts'
import { endpointName } from '../../src/network/network.ts'
import { formatLabels } from '../../src/syntax/name.ts'
import { sample } from '../report/sample.ts'

/** What `init` writes when an SRV record leads to these hosts, and all of them answer. */
function suggested(...hosts: string[]): string {
  const endpoints = hosts.map(host => {
    const endpoint = { host, address: '192.0.2.1', port: 993, tls: 'implicit' } as const
    return { ...endpoint, name: endpointName(endpoint), service: 'imaps', source: 'srv' }
  })
  const service = Object.fromEntries(endpoints.map(({ name }) => [name, { connected: 3 }]))
  return suggestConfig(sample({ facts: { services: { endpoints, notOffered: [] }, service } })).text
}

const servicesOf = (text: string) => parseConfig(text, 'mailcheck.yaml').domains.get('example.com')?.services

test('what is written can be read again, whatever an SRV record names', () => {
  expect(servicesOf(suggested('mail.example.com'))).toEqual({ imaps: 'mail.example.com' })
  expect(servicesOf(suggested('xn--a.example.com'))).toEqual({ imaps: 'xn--a.example.com' })
  for (const host of ['8.8.8.8', 'localhost', 'null', '*.example.com', 'a:b.example.com', '__proto__', '1.2', String.raw`x\"y.example.com`]) {
    expect(servicesOf(suggested(host)), host).toBeUndefined()
    expect(servicesOf(suggested(host, 'mail.example.com')), host).toEqual({ imaps: 'mail.example.com' })
  }
  const label = fc.uint8Array({ minLength: 1, maxLength: 20 }).map(octets => Buffer.from(octets).toString('latin1'))
  fc.assert(fc.property(fc.array(fc.oneof(label, fc.stringMatching(/^[a-z0-9-]{1,6}$/)), { minLength: 1, maxLength: 4 }), labels => {
    expect(() => parseConfig(suggested(formatLabels(labels)), 'mailcheck.yaml')).not.toThrow()
  }))
})
