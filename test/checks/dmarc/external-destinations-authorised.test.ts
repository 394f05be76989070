import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/external-destinations-authorised.ts'
import valid from '../../../src/checks/dmarc/report-destinations-valid.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (destination: string, domain = 'example.com') => `_dmarc.${domain} TXT "v=DMARC1; p=none; rua=mailto:d@${destination}"`
const row = (zone: string, code: string, args?: Record<string, unknown>) => ({ zone, expect: { 'example.com': code }, ...args ? { args: { 'example.com': { count: 1, policydomain: 'example.com', ...args } } } : {} })
const net = record('reports.example.net')
const name = 'example.com._report._dmarc.reports.example.net'
const long = `${`${'y'.repeat(60)}.`.repeat(3)}example.net`

checkTable(check, {
  'at itself': row(record('example.com'), 'skip'),
  'at a subdomain': row(record('mail.example.com'), 'skip'),
  'consent': row(`${net}\n${name} TXT "v=DMARC1"`, 'pass'),
  'consent by a wildcard, with a semicolon': row(`${net}\n*._report._dmarc.reports.example.net TXT "v=DMARC1;"`, 'pass'),
  'consent that names another address there': row(`${net}\n${name} TXT "v=DMARC1; rua=mailto:other@reports.example.net"`, 'pass'),
  'none': row(net, 'failed', { desthost: 'reports.example.net' }),
  'something else there': row(`${net}\n${name} TXT "hello"`, 'failed'),
  'for ruf as well': row('_dmarc.example.com TXT "v=DMARC1; p=none; ruf=mailto:d@reports.example.net"', 'failed'),
  'two hosts': row(`_dmarc.example.com TXT "v=DMARC1; p=none; rua=mailto:d@a.example,mailto:d@b.example,mailto:e@a.example"`, 'failed', { desthost: 'a.example', count: 2 }),
  'an override that leads elsewhere': row(`${net}\n${name} TXT "v=DMARC1; rua=mailto:d@example.org"`, 'override'),
  'it is asked for the domain of the record': {
    zone: `${net}\nmail.example.com._report._dmarc.reports.example.net TXT "v=DMARC1"`, scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'failed' },
    args: { 'mail.example.com': { desthost: 'reports.example.net', policydomain: 'example.com', count: 1 } },
  },
  'a subdomain that declares itself apart': row(`${record('eu.example.com')}\n_dmarc.eu.example.com TXT "v=DMARC1; p=none; psd=n"`, 'failed-now', { desthost: 'eu.example.com' }),
  'consent within a public suffix that joins all': row(`${record('reports.com')}\n_dmarc.com TXT "v=DMARC1; p=none"`, 'failed-before', { desthost: 'reports.com' }),
  'a name that is too long': {
    zone: record(long, `${`${'x'.repeat(50)}.`.repeat(2)}example.com`), scope: { domain: `${`${'x'.repeat(50)}.`.repeat(2)}example.com` },
    expect: { [`${`${'x'.repeat(50)}.`.repeat(2)}example.com`]: 'too-long' },
  },
  'consent is not answered': row(`${net}\n${name} TXT (timeout)`, 'unknown:dns-timeout'),
  'whose host it is is not answered, but there is consent': row(`${net}\n${name} TXT "v=DMARC1"\n_dmarc.example.net TXT (timeout)`, 'pass'),
  'no reports': row('_dmarc.example.com TXT "v=DMARC1; p=none"', 'skip'),
  'no record': row('example.com A 192.0.2.1', 'skip'),
  'not answered': row('_dmarc.example.com TXT (servfail)', 'unknown:dns-servfail'),
})

test('the remedy is the record to publish there', async () => {
  const [finding] = await judgeWorld([check], { zone: net })
  expect(finding?.remedy?.records?.set).toEqual([`${name}. TXT "v=DMARC1"`])
})

test('a host that does not exist is not also asked for consent', async () => {
  const findings = await judgeWorld([valid, check], { zone: net })
  expect(findings.map(({ check: id, code }) => [id, code])).toEqual([['dmarc/report-destinations-valid', 'no-domain'], ['dmarc/external-destinations-authorised', 'deferred']])
})
