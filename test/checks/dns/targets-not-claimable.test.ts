import { expect, test } from 'vitest'
import check from '../../../src/checks/dns/targets-not-claimable.ts'
import { checks } from '../../../src/checks/index.ts'
import { checkTable, judgeWorld, type Row } from '../../check-table.ts'
import { bootstrapUrl, domainObject } from '../domain/registry.ts'

const base = 'com SOA a b 1 2 3 4 5\nnet SOA a b 1 2 3 4 5\nexample.com TXT "v=spf1 -all"'
const spf = (terms: string): string => base.replace('-all', `${terms} -all`)

/** The same when the registry is asked: it is at rdap.registry.org, and says this of gone.net. */
const asked = (answer: string): Pick<Row, 'zone' | 'pages' | 'scope'> => ({
  zone: `${spf('include:_spf.gone.net')}\ndata.iana.org A 9.9.9.1\nrdap.registry.org A 9.9.9.2`, scope: { permissions: new Set(['thirdParties'] as const) },
  pages: { [bootstrapUrl]: JSON.stringify({ services: [[['net'], ['https://rdap.registry.org/']]] }), 'https://rdap.registry.org/domain/gone.net': answer },
})

checkTable(check, {
  'the registry does not know it either': { ...asked('HTTP/1.1 404\n\n{}'), expect: { 'example.com': 'failed' } },
  'the registry knows it: it is registered, and not delegated': { ...asked(domainObject({ ldhName: 'gone.net' })), expect: { 'example.com': 'pass' } },
  'the registry does not tell': { ...asked('(timeout)'), expect: { 'example.com': 'failed' } },
  'the registry may not be asked': { ...asked(domainObject({ ldhName: 'gone.net' })), scope: {}, expect: { 'example.com': 'failed' } },
  'a registered domain': { zone: `${spf('include:_spf.example.net')}\n_spf.example.net TXT "v=spf1 -all"`, expect: { 'example.com': 'pass' } },
  'a name that is gone below a registered domain': { zone: `${spf('include:_spf.example.net')}\nexample.net NS ns1.example.net`, expect: { 'example.com': 'pass' } },
  'an include below an unregistered domain': {
    zone: spf('include:_spf.gone.net'), expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', target: '_spf.gone.net', consequence: 'sends mail that passes as yours', count: 1 } },
  },
  'further down the tree': {
    zone: `${spf('include:_spf.example.net')}\n_spf.example.net TXT "v=spf1 a:mail.gone.net -all"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: '_spf.example.net', target: 'mail.gone.net', consequence: 'sends mail that passes as yours', count: 1 } },
  },
  'behind a macro': { zone: spf('exists:%{ir}._spf.gone.net'), expect: { 'example.com': 'failed' } },
  'wholly of macros': { zone: spf('exists:%{ir}.%{d}'), expect: { 'example.com': 'skip' } },
  'an MX host': {
    zone: `${base}\nexample.com MX 10 mx.gone.net`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 'example.com', target: 'mx.gone.net', consequence: 'receives your mail', count: 1 } },
  },
  'a key': {
    zone: `${base}\ns1._domainkey.example.com CNAME s1.gone.net`, scope: { selectors: ['s1'] }, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: 's1._domainkey.example.com', target: 's1.gone.net', consequence: 'signs mail as yours', count: 1 } },
  },
  ...Object.fromEntries(['_dmarc', '_mta-sts', 'mta-sts', '_smtp._tls', 'autodiscover'].map(label =>
    [label, { zone: `${base}\n${label}.example.com CNAME x.gone.net`, expect: { 'example.com': 'failed' } }])),
  'in the middle of a chain': {
    zone: `${base}\n_dmarc.example.com CNAME x.example.net\nx.example.net CNAME y.gone.net`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { name: '_dmarc.example.com', target: 'y.gone.net', consequence: 'sets your DMARC policy', count: 1 } },
  },
  'a suffix under which nothing can be registered': { zone: `${base}\nexample.com MX 10 ms1.msv1.invalid`, expect: { 'example.com': 'pass' } },
  'names of one’s own': { zone: `${spf('include:_spf.example.com mx:gone.example.com')}\n_spf.example.com TXT "v=spf1 -all"`, expect: { 'example.com': 'skip' } },
  'the registrable name cannot be asked': { zone: `${spf('include:_spf.gone.net')}\ngone.net NS (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'SPF cannot be asked': { zone: 'example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('explains the checks of the very names that it is about, and no others', async () => {
  const zone = `${spf('include:_spf.example.net')}\nexample.com MX 10 mx.example.com\nexample.net NS ns1.example.net
    s1._domainkey.example.com CNAME s1.gone.net\ns2._domainkey.example.com CNAME s2.example.net`
  const findings = await judgeWorld(checks, { zone, scope: { selectors: ['s1', 's2'] } })
  const told = findings.filter(({ check: id }) => ['dkim/key-found', 'spf/includes-resolve', 'dns/targets-not-claimable'].includes(id))
  expect(told.map(({ check: id, subject, code }) => [id, subject, code])).toEqual([
    ['dns/targets-not-claimable', 'example.com', 'failed'],
    ['spf/includes-resolve', 'example.com', 'failed'],
    ['dkim/key-found', 's1._domainkey.example.com', 'deferred'],
    ['dkim/key-found', 's2._domainkey.example.com', 'dangling'],
  ])
})
