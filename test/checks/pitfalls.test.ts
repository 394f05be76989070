/**
 * Where tools of this kind usually go wrong, across checks: a failure that spreads, an absence that is none, a spelling taken
 * for a difference, one defect told twice. What a single check could get wrong stands in its own table.
 */
import { describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { isSpf, parseSpf } from '../../src/syntax/spf.ts'
import { joinedText, type DnsRecord } from '../../src/syntax/record.ts'
import { parseZone } from '../../src/syntax/zone.ts'
import type { Finding } from '../../src/run.ts'
import { judgeWorld, type Row } from '../check-table.ts'
import { ed25519, txt } from './dkim/keys.ts'
import { announced, policy, policyUrl } from './mta-sts/policies.ts'
import { smtp } from './transcripts.ts'

const judged = (topics: readonly string[], row: Omit<Row, 'expect'>): Promise<readonly Finding[]> =>
  judgeWorld(checks.filter(({ id, topic }) => topics.includes(topic) || topics.includes(id)), row)
const told = (findings: readonly Finding[], verdict: Finding['verdict']): string[] =>
  findings.filter(one => one.verdict === verdict).map(({ check, subject, code }) => `${check} ${subject} ${code ?? ''}`.trim())
/** But for notices: the small worlds here have no IPv6, and so on. */
const failed = (findings: readonly Finding[]): string[] => told(findings.filter(({ severity }) => severity !== 'notice'), 'fail')

const sending = 'example.com MX 10 mx1.example.com\nexample.com TXT "v=spf1 mx -all"\nmx1.example.com A 9.9.9.25'
const at = 'mx1.example.com[9.9.9.25]:25'

describe('what failed is no absence, and hides no more than itself', () => {
  test('a reverse name that cannot be asked leaves the MX host as it is', async () => {
    const findings = await judged(['mx', 'iprev', 'smtp/session-opens'], { zone: `${sending}\n25.9.9.9.in-addr.arpa PTR (servfail)`, sessions: { [at]: smtp } })
    expect(told(findings, 'unknown').filter(one => !one.startsWith('iprev/'))).toEqual([])
    expect(failed(findings)).toEqual([])
    expect(told(findings, 'pass')).toContain('mx/some-host-resolves example.com')
    expect(told(findings, 'pass')).toContain(`smtp/session-opens ${at}`)
  })

  test.each(['servfail', 'timeout', 'refused'])('%s to every question about a record: nobody is told that it is missing', async word => {
    const names = ['_dmarc', '_mta-sts', '_smtp._tls', 's1._domainkey'].map(label => `${label}.example.com TXT (${word})`)
    const findings = await judged(['dmarc/record-found', 'mta-sts/record-exists', 'tls-rpt/record-exists', 'dkim/key-found', 'spf/record-exists'], {
      zone: [sending.replace(/example.com TXT .*/, `example.com TXT (${word})`), ...names].join('\n'), scope: { selectors: ['s1'] }, sessions: { [at]: smtp },
    })
    expect(told(findings, 'fail')).toEqual([])
    expect(told(findings, 'unknown')).toHaveLength(findings.length)
  })

  test('a server that denies what lies between: the names below are there all the same', async () => {
    const between = ['_domainkey', '_tcp', '_tls'].map(label => `${label}.example.com TXT (nxdomain)\n${label}.example.com A (nxdomain)`)
    const findings = await judged(['dkim/key-found', 'tls-rpt/record-exists'], {
      zone: [sending, ...between, txt('s1._domainkey.example.com', ed25519), '_smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:t@example.com"'].join('\n'), scope: { selectors: ['s1'] },
    })
    expect(told(findings, 'pass')).toEqual(['dkim/key-found s1._domainkey.example.com', 'tls-rpt/record-exists example.com'])
  })

  test('a server that knows of the names between, and nothing below: the key is missing', async () => {
    const findings = await judged(['dkim/key-found'], { zone: `${sending}\n_domainkey.example.com TXT "o=-"`, scope: { selectors: ['s1'] } })
    expect(told(findings, 'fail')).toEqual(['dkim/key-found s1._domainkey.example.com failed'])
  })
})

test('what is missing is told with the time until it may be asked for again with success (RFC 2308 §5)', async () => {
  const [finding] = await judged(['dmarc/record-found'], { zone: `$TTL 3600\nexample.com SOA ns1.example.com h.example.com 1 2 3 4 300\n${sending}` })
  expect(finding?.verdict).toBe('fail')
  expect(finding?.evidence[0]).toEqual({ from: 'dns', name: '_dmarc.example.com', type: 'TXT', text: '(nxdomain)', ttl: 300 })
})

test('strings are joined without anything between, and whatever octets they hold, nothing is thrown', async () => {
  const zone = sending.replace('"v=spf1 mx -all"', String.raw`"v=spf1 mx ip4:9.9.9" ".9 \255\254\000 -all"`)
  const [record] = parseZone(zone, { origin: 'example.com' }).records.filter((one): one is DnsRecord<'TXT'> => one.type === 'TXT')
  const text = record ? joinedText(record) : ''
  expect(isSpf(text)).toBe(true)
  expect(text).toBe('v=spf1 mx ip4:9.9.9.9 \xff\xfe\0 -all')
  expect(parseSpf(text).terms.map(term => term.text)).toContain('ip4:9.9.9.9')
  expect(told(await judged(['spf', 'dmarc', 'dkim'], { zone }), 'fail').join()).toContain('spf/syntax-valid example.com')
})

test('names that differ in case or in the final dot are the same name', async () => {
  const findings = await judged(['mta-sts/mx-covered', 'iprev/forward-confirmed', 'mx'], {
    zone: `${announced.replace('MX 10 mx1.example.com', 'MX 10 MX1.Example.COM.').replaceAll('192.0.2.1', '9.9.9.25')}\nexample.com TXT "v=spf1 mx -all"\n25.9.9.9.in-addr.arpa PTR Mx1.EXAMPLE.com.`,
    pages: { [policyUrl]: policy('enforce', 'mx: mX1.example.com') }, sessions: { [at]: smtp },
  })
  expect(failed(findings)).toEqual([])
  expect(told(findings, 'pass')).toEqual(expect.arrayContaining(['mta-sts/mx-covered mx1.example.com', 'iprev/forward-confirmed 9.9.9.25']))
})

describe('SPF', () => {
  test('an include that leads nowhere is told once, not as an error, a void lookup and a lookup too many', async () => {
    const findings = await judged(['spf'], { zone: sending.replace('mx -all', 'mx include:_spf.example.com include:_spf2.example.com include:_spf3.example.com -all') })
    expect(failed(findings)).toEqual(['spf/includes-resolve example.com failed'])
  })

  test('the addresses of MX hosts count towards no limit of ten; those of a: do', async () => {
    const hosts = Array.from({ length: 9 }, (_, i) => `example.com MX 10 mx${i + 2}.example.com\nmx${i + 2}.example.com A 9.9.9.${i + 30}`).join('\n')
    const terms = (names: number): string => Array.from({ length: names }, (_, i) => `a:mx${i + 2}.example.com`).join(' ')
    const limit = (names: number) => judged(['spf/within-lookup-limit'], { zone: `${sending.replace('mx -all', `mx ${terms(names)} -all`)}\n${hosts}` })
    expect((await limit(9)).map(({ verdict }) => verdict)).toEqual(['pass'])
    expect((await judged(['spf/within-lookup-limit'], { zone: `${sending.replace('mx -all', `mx ${terms(9)} a -all`)}\n${hosts}` })).map(({ verdict }) => verdict)).toEqual(['fail'])
  })
})

describe('DMARC', () => {
  test('an order of tags, an unknown tag and absent ones are no defect', async () => {
    const findings = await judged(['dmarc'], { zone: `${sending}\n_dmarc.example.com TXT "v=DMARC1; rua=mailto:d@example.com; later=1; p=reject"` })
    expect(failed(findings)).toEqual([])
  })

  test('nobody is asked for p=reject: what only watches is told of once, as a stage', async () => {
    const findings = await judged(['dmarc'], { zone: `${sending}\n_dmarc.example.com TXT "v=DMARC1; p=none; rua=mailto:d@example.com"` })
    expect(told(findings, 'fail')).toEqual(['dmarc/policy-enforced example.com failed'])
    expect(told(await judged(['dmarc'], { zone: `${sending}\n_dmarc.example.com TXT "v=DMARC1; p=quarantine; rua=mailto:d@example.com"` }), 'fail')).toEqual([])
  })
})

describe('sessions', () => {
  test('a greeting without ESMTP after half a minute, and lines without a space, are a session in order', async () => {
    const slow = '29000 S: 220 mx1.example.com\nC: EHLO *\nS: 250-mx1\nS: 250-\nS: 250-STARTTLS\nS: 250\nC: STARTTLS\nS: 220\n* tls\nC: EHLO *\nS: 250-\nS: 250-SIZE 50000000\nS: 250\nC: QUIT\nS: 221'
    const findings = await judged(['smtp/session-opens', 'mx-tls/starttls-works', 'smtp/some-host-answers'], { zone: sending, sessions: { [at]: slow } })
    expect(told(findings, 'pass')).toEqual(['smtp/some-host-answers example.com', `smtp/session-opens ${at}`, `mx-tls/starttls-works ${at}`])
  })

  test('IPv6 that cannot be had here is not broken there', async () => {
    const findings = await judged(['smtp', 'mx', 'mx-tls'], {
      zone: `${sending}\nmx1.example.com AAAA 2620:fe::25`, sessions: { [at]: smtp, 'mx1.example.com[2620:fe::25]:25': '* unreachable no-ipv6-here' },
    })
    expect(told(findings, 'fail').filter(one => one.includes('2620'))).toEqual([])
    expect(told(findings, 'fail').filter(one => one.startsWith('mx/'))).toEqual([])
  })
})
