import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { ConfigError, configSchema, parseConfig, readConfig } from '../src/config.ts'
import { expectGolden } from './report/golden.ts'
import { violations } from './report/json-schema.ts'

const complete = `
defaults: { profile: default, failOn: error, resolvers: ["tls://192.0.2.53#dns.example.net"] }
domains:
  Example.COM:
    selectors: [s2026, google]
    context: { sending: yes }
    own: true
    services: { imaps: mail.example.com, submissions: "mail.example.com:465", pop3: null }
    senders: [{ address: 198.51.100.7, mailFrom: bounce.example.com, dkim: example.com }]
    accounts: [{ service: imaps, user: probe@example.com, password: env:PROBE_PASSWORD }]
  münchen.de:
waivers: [{ check: "pop3/*", subject: "*", reason: "POP3 ends in March", owner: ops, until: 2027-03-31 }]
modules: { dns: { only: ["spf/*", "dmarc/*"], interval: 5m }, sessions: { interval: 15m } }
lists: { spamhaus-zen: { key: env:DQS_KEY }, uribl: { off: true }, local: { zone: bl.example.net, kind: address, families: [4], codes: { 127.0.0.2: seen here }, page: https://bl.example.net/ } }
thirdParties: { rdapBootstrap: https://rdap.example.net/dns.json, rdap: { de: "http://127.0.0.1:8080/" }, routeOrigins: https://routes.example.net }
profiles: { strict: { "spf/*": error } }
vantage: [mx.example.net, "mx.example.org:25"]
serve: { listen: "127.0.0.1:9725", targets: ["targets/*.yaml"], permit: [lists], allowUnlisted: true, allow_unlisted: true, concurrency: 5, deadline: 30s, state: state, webConfig: web.yml }
`

function problems(text: string): readonly string[] {
  try {
    parseConfig(text, 'mailcheck.yaml')
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('everything that the file may say is read', () => {
  const config = parseConfig(complete, 'mailcheck.yaml')
  expect([...config.domains.keys()]).toEqual(['example.com', 'xn--mnchen-3ya.de'])
  expect(config.domains.get('example.com')).toMatchObject({
    selectors: ['s2026', 'google'], context: { sending: 'yes' }, own: true,
    services: { imaps: 'mail.example.com', submissions: 'mail.example.com:465', pop3: null },
  })
  expect(config.defaults).toEqual({ profile: 'default', failOn: 'error', resolvers: ['tls://192.0.2.53#dns.example.net'] })
  expect(config.waivers?.[0]?.until).toBe('2027-03-31')
  expect(config.at('defaults', 'resolvers', 0)).toBe('mailcheck.yaml:2:58')
})

test('an empty file says nothing', () => {
  expect(parseConfig('', 'x').domains.size).toBe(0)
  expect(parseConfig('# only a comment\n', 'x').domains.size).toBe(0)
})

describe('errors name the place, and what is allowed there', () => {
  test.each([
    ['a registry that is no domain', 'thirdParties:\n  rdap: { "ex ample": "https://a.example" }\n',
      'mailcheck.yaml:2:23: the key "ex ample" in "thirdParties.rdap" must be the domain of a registry'],
    ['a server that is no URL', 'thirdParties:\n  rdap: { com: rdap.example }\n', 'mailcheck.yaml:2:16: "thirdParties.rdap.com" must be a URL that begins with https://'],
    ['a password in a URL', 'thirdParties: { routeOrigins: "https://anna:secret@routes.example" }', 'mailcheck.yaml:1:31: "thirdParties.routeOrigins" must be a URL without a user name and password'],
    ['a misspelt key', 'domains:\n  example.com:\n    selektors: [a]\n',
      'mailcheck.yaml:3:5: unknown key "selektors" in "domains.example.com" (did you mean "selectors"?); allowed: selectors, context, own, services, senders, accounts'],
    ['a misspelt key at the top', 'domain:\n  example.com:\n',
      'mailcheck.yaml:1:1: unknown key "domain" (did you mean "domains"?); allowed: defaults, domains, waivers, modules, routes, lists, thirdParties, profiles, vantage, controlNames, serve'],
    ['a service that is none', 'domains: { example.com: { services: { imapss: mail.example.com } } }',
      'mailcheck.yaml:1:39: unknown key "imapss" in "domains.example.com.services" (did you mean "imaps"?); allowed: submission, submissions, imap, imaps, pop3, pop3s'],
    ['a value that is not in the list', 'defaults:\n  failOn: errors\n',
      'mailcheck.yaml:2:11: "defaults.failOn" must be one of critical, error, warning, notice, never'],
    ['text where a list belongs', 'domains:\n  example.com:\n    selectors: google\n',
      'mailcheck.yaml:3:16: "domains.example.com.selectors" must be a list'],
    ['a lost field', 'waivers:\n  - reason: x\n', 'mailcheck.yaml:2:5: "waivers.0.check" is missing'],
    ['a number for a yes', 'domains: { example.com: { own: 1 } }', 'mailcheck.yaml:1:32: "domains.example.com.own" must be true or false'],
    ['no address', 'domains: { example.com: { senders: [{ address: mail.example.com }] } }',
      'mailcheck.yaml:1:48: "domains.example.com.senders.0.address" must be an IPv4 or IPv6 address'],
    ['an address for a service', 'domains: { example.com: { services: { imaps: 192.0.2.1 } } }',
      'mailcheck.yaml:1:46: "domains.example.com.services.imaps" must be a host name, which its certificate can be compared with'],
    ['no port', 'vantage: ["mx.example.net:99999"]', 'mailcheck.yaml:1:11: "vantage.0" must be a host, or host:port'],
    ['no domain', 'domains:\n  ex ample.com: {}\n', 'mailcheck.yaml:2:3: "ex ample.com" contains a space: a domain is one word, such as example.com'],
    ['an address for a domain', 'domains:\n  user@example.com: {}\n', 'mailcheck.yaml:2:3: "user@example.com" is not a domain'],
    ['a domain twice', 'domains:\n  example.com: {}\n  Example.com: {}\n', 'mailcheck.yaml:3:3: example.com is configured twice'],
    ['a key twice', 'domains: {}\ndomains: {}\n', 'mailcheck.yaml:2:1: the key "domains" stands twice'],
    ['a domain that objects are born with', 'domains:\n  __proto__:\n    own: true\n', 'mailcheck.yaml:2:3: unknown key "__proto__"'],
    ['a service that objects are born with', 'domains: { example.com: { services: { __proto__: mail.example.com } } }', 'mailcheck.yaml:1:39: unknown key "__proto__"'],
    ['a key of another kind', 'domains: { example.com: { services: { constructor: mail.example.com } } }', /^mailcheck\.yaml:1:39: unknown key "constructor"/],
    ['a setting of the service that is none', 'serve: { allowUnlistd: true }', /unknown key "allowUnlistd" in "serve" \(did you mean "allowUnlisted"\?\)/],
    ['an interval without an end', 'modules: { dns: { interval: 0s } }', 'mailcheck.yaml:1:29: "modules.dns.interval" must be a number with its unit: ms, s, m, h or d'],
    ['a list for the whole', '- a\n', 'mailcheck.yaml:1:1: the file must be a mapping (key: value)'],
    ['no YAML', 'domains: [\n', /^mailcheck\.yaml:2:1: /],
  ])('%s', (_, text, expected) => {
    const [problem] = problems(text)
    if (typeof expected === 'string') expect(problem).toBe(expected)
    else expect(problem).toMatch(expected)
  })

  test('all of them at once', () => {
    expect(problems('defaults: { failOn: x, profil: y }\nvantage: z\n')).toHaveLength(3)
  })

  test('a password in the file is refused and not repeated', () => {
    const [problem] = problems('domains:\n  example.com:\n    accounts: [{ service: imaps, user: u, password: hunter2 }]\n')
    expect(problem).toBe('mailcheck.yaml:3:53: "domains.example.com.accounts.0.password" must be env:NAME or file:PATH, never the password itself')
  })

  test('aliases that multiply are refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${Array(10).fill('*a').join(',')}]\nc: &c [${Array(10).fill('*b').join(',')}]\nd: [${Array(10).fill('*c').join(',')}]\n`
    expect(problems(bomb)[0]).toMatch(/aliases/)
  })
})

test('a file of many thousand keys is read, or refused', () => {
  const keys = (indent: string): string => Array.from({ length: 30_000 }, (_, i) => `${indent}k${i}: 1`).join('\n')
  expect(() => parseConfig(`profiles:\n${keys('  ').replaceAll(': 1', ': {}')}`, 'mailcheck.yaml')).not.toThrow()
  expect(problems(keys(''))).toHaveLength(50)
  expect(problems(`domains:\n${keys('  ')}`)).toHaveLength(50)
}, 30_000)

test('a file that cannot be read says why', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mailcheck-'))
  try {
    expect(() => readConfig(join(directory, 'none.yaml'))).toThrow(/none\.yaml: cannot be read: there is no such file/)
    expect(() => readConfig(directory)).toThrow(/cannot be read: it is a directory/)
    const file = join(directory, 'mailcheck.yaml')
    writeFileSync(file, 'domains: { example.com: { own: true } }')
    expect(readConfig(file).domains.get('example.com')).toEqual({ own: true })
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('any text is a configuration or a ConfigError', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json().map(text => stringify(JSON.parse(text)))), text => {
    try {
      parseConfig(text, 'x')
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError)
      expect((error as ConfigError).problems.length).toBeGreaterThan(0)
    }
  }))
})

test('the schema is kept in review, and allows the complete file', () => {
  const schema = configSchema() as Record<string, unknown>
  expectGolden('config-schema.json', `${JSON.stringify(schema, null, 2)}\n`)
  expect(violations(parse(complete), schema)).toEqual([])
  expect(violations({ domain: {} }, schema)).not.toEqual([])
})
