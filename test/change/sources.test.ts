import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseJsonText } from '../../src/change/sources/json-text.ts'
import type { PlannedFlags } from '../../src/commands/planned-records.ts'
import { answers, fixture, planOf } from './planned.ts'

const dkim = /^"v=DKIM1; k=rsa; p=MIIB[^"]*" "[^"]*DAQAB"$/
const questions = [
  'example.com MX', 'example.com TXT', 'example.com CAA', '_dmarc.example.com TXT', 's2._domainkey.example.com TXT', 'old._domainkey.example.com TXT',
  'mx1.example.com A', 'mx2.example.com A', '_25._tcp.mx2.example.com TLSA', '_imaps._tcp.example.com SRV', 'www.example.com A', 'example.com A', 'example.com NS',
]
/** As it will be. Strings of a TXT record may be cut differently, and say the same. */
const expected = {
  'example.com MX': '10 mx2.example.com.', 'example.com TXT': '"v=spf1 ip4:192.0.2.0/24 -all"', 'example.com CAA': '0 issue "ca.example"',
  '_dmarc.example.com TXT': '"v=DMARC1; p=reject; rua=mailto:dmarc@example.com"', 's2._domainkey.example.com TXT': expect.stringMatching(dkim) as string,
  'old._domainkey.example.com TXT': 'NXDOMAIN', 'mx1.example.com A': '192.0.2.25', 'mx2.example.com A': '192.0.2.26',
  '_25._tcp.mx2.example.com TLSA': '3 1 1 4f1a9c25b3d7e60812ca5d9f0b7e36a4c81d25f9730ea6b4125c8d9e7f03a6b2',
  '_imaps._tcp.example.com SRV': '0 1 993 mail.example.com.', 'www.example.com A': 'CNAME web.example.com., 192.0.2.81', 'example.com A': '192.0.2.80',
  'example.com NS': 'ns1.example.com.',
}

const flags: PlannedFlags = {
  set: [
    '@ MX 10 mx2', '@ TXT "v=spf1 ip4:192.0.2.0/24 -all"', 'example.com CAA 0 issue "ca.example"', '_dmarc 3600 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"',
    'mx2.example.com A 192.0.2.26', '_25._tcp.mx2 TLSA 3 1 1 4f1a9c25b3d7e60812ca5d9f0b7e36a4c81d25f9730ea6b4125c8d9e7f03a6b2', '_imaps._tcp SRV 0 1 993 mail.example.com',
    'www CNAME web',
  ],
  delete: ['old._domainkey TXT', 'www A'],
}

describe('the same change in every notation is the same plan', () => {
  test.each<[string, PlannedFlags, readonly string[]]>([
    ['a zone file that holds what changes', { zone: [fixture('patch.zone')], delete: ['www A'] }, []],
    ['a whole zone file, with $INCLUDE', { zone: [fixture('zone.zone')], complete: true }, []],
    ['octoDNS', { zone: [fixture('octodns/example.com.yaml')], complete: true }, []],
    ['dnscontrol print-ir', { zone: [fixture('print-ir.json')], complete: true }, []],
    ['dnscontrol preview', { zone: [fixture('preview.txt')] }, []],
    ['Terraform for Cloudflare', { zone: [fixture('terraform-cloudflare.json')] }, []],
    ['Terraform for Route 53', { zone: [fixture('terraform-route53.json')] }, []],
    ['Terraform for Google', { zone: [fixture('terraform-google.json')] }, []],
    ['Terraform for Azure, which has no TLSA', { zone: [fixture('terraform-azure.json')] }, ['_25._tcp.mx2.example.com TLSA']],
    ['the command line', flags, ['s2._domainkey.example.com TXT']],
  ])('%s', async (_, given, lacks) => {
    const { overlaid, plan } = await planOf(given)
    const told = await answers(overlaid, questions)
    const wanted = Object.fromEntries(Object.entries(expected).filter(([question]) => !lacks.includes(question)))
    const joined = { ...told, '_dmarc.example.com TXT': told['_dmarc.example.com TXT']?.replaceAll('" "', '') }
    expect(joined).toMatchObject(wanted)
    expect(plan.notes.map(({ message }) => message)).toEqual([])
  })
})

test('every record knows where it is written', async () => {
  const { plan } = await planOf({ zone: [fixture('zone.zone')], complete: true })
  const place = (key: string) => plan.places.get(key)?.map(({ file, line, column }) => `${file.replace(fixture(''), '')}:${line}:${column}`)
  expect(place('example.com MX')).toEqual(['zone.zone:9:1'])
  expect(place('_dmarc.example.com TXT')).toEqual(['included/dmarc.zone:2:1'])
  const octodns = (await planOf({ zone: [fixture('octodns/example.com.yaml')] })).plan
  expect(octodns.places.get('example.com MX')?.[0]).toMatchObject({ line: 7, column: 5 })
  const terraform = (await planOf({ zone: [fixture('terraform-route53.json')] })).plan
  expect(terraform.places.get('_dmarc.example.com TXT')?.[0]).toMatchObject({ line: 102, column: 5 })
})

describe('what it is, the content tells', () => {
  test.each([
    ['patch.zone', 'bind'], ['octodns/example.com.yaml', 'octodns'], ['print-ir.json', 'dnscontrol'], ['preview.txt', 'dnscontrol'], ['terraform-azure.json', 'terraform'],
  ])('%s', async (file, format) => {
    expect((await planOf({ zone: [fixture(file)] })).plan.sources[0]?.format).toBe(format)
  })
})

describe('odd plans', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plans-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const write = (name: string, text: string): string => {
    const file = join(folder, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text, 'latin1')
    return file
  }
  const refusal = async (name: string, text: string, more: PlannedFlags = {}): Promise<string> => {
    const file = write(name, text)
    const error: unknown = await planOf({ zone: [file], ...more }).then(() => null, (thrown: unknown) => thrown)
    return error instanceof Error ? error.message.replaceAll(`${folder}/`, '') : 'accepted'
  }
  const notes = async (name: string, text: string, more: PlannedFlags = {}): Promise<string[]> =>
    (await planOf({ zone: [write(name, text)], ...more })).plan.notes.map(({ place, message }) => `${place.line}: ${message}`)

  test.each([
    ['an address', 'a A 192.0.2.300', 'a.zone:1:5: expected an IPv4 address'],
    ['an overlong TTL', 'a 2147483648 A 192.0.2.1', 'a.zone:1:3: a TTL has at most 2147483647 seconds (RFC 2181 §8)'],
    ['a TTL in $TTL', '$TTL 9999999999\na A 192.0.2.1', 'a.zone:1:6: a TTL has at most 2147483647 seconds (RFC 2181 §8)'],
    ['an open string', 'a TXT "v=spf1', 'a.zone:1:7: the quoted string has no end on this line'],
    ['an open parenthesis', '@ SOA . . ( 1 2', 'a.zone:1:11: this parenthesis is never closed'],
    ['binary data', 'a A 192.0.2.1\nb \0\x01\x02', 'a.zone:2:3: this is no text: there is a control character here'],
    ['CNAME and other data', 'a CNAME b\na TXT "x"', 'a.zone:2:1: a.example.com has a CNAME and TXT records (a.zone:1): beside a CNAME nothing may stand (RFC 1034 §3.6.2)'],
    ['two CNAMEs', 'a CNAME b\na CNAME c', 'a.zone:2:1: a.example.com has a CNAME already (a.zone:1), and a name has one at most'],
    ['a word for a test', 'a A (servfail)', 'a.zone:1:1: (servfail) means nothing in a plan: (none) removes records'],
    ['an absent include', '$INCLUDE absent.zone', 'a.zone:1:10: absent.zone cannot be read: there is no such file or directory'],
    ['an include outside of the folder', '$INCLUDE ../../etc/passwd', 'a.zone:1:10: ../../etc/passwd lies outside of the folder of a.zone'],
    ['an absolute include', '$INCLUDE /etc/passwd', 'a.zone:1:10: /etc/passwd lies outside of the folder of a.zone'],
    ['itself', '$INCLUDE a.zone', 'a.zone:1:10: a.zone includes itself'],
  ])('zone file, %s', async (_, text, message) => {
    expect(await refusal('a.zone', text)).toBe(message)
  })

  test('a loop of includes, and a link out of the folder', async () => {
    write('loop/b.zone', '$INCLUDE c.zone')
    write('loop/c.zone', '$INCLUDE b.zone')
    expect(await refusal('loop/a.zone', '$INCLUDE b.zone')).toBe('loop/c.zone:1:10: loop/b.zone includes itself')
    symlinkSync('/etc/hostname', join(folder, 'loop/link.zone'))
    expect(await refusal('loop/a.zone', '$INCLUDE link.zone')).toBe('loop/a.zone:1:10: link.zone leads out of the folder of loop/a.zone')
  })

  test.each([
    ['octoDNS without a final dot', 'a.yaml', 'www:\n  type: CNAME\n  value: web.example.com', 'a.yaml:2:3: "web.example.com" lacks the final dot that octoDNS wants'],
    ['octoDNS without a type', 'a.yaml', 'www:\n  value: x', 'a.yaml:2:3: the record has no type'],
    ['YAML that is none', 'a.yaml', 'a: [1', 'a.yaml:1:6: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['JSON that is cut off', 'a.json', '{"resource_changes": [', 'a.json:1:23: the JSON document is not complete'],
    ['JSON of something else', 'a.json', '{"a": 1}', 'a.json:1:1: this JSON is neither what "dnscontrol print-ir" prints ("domains") nor what "terraform show -json" prints ("resource_changes")'],
    ['a Terraform state', 'a.json', '{"terraform_version": "1.9", "values": {}}', 'a.json:1:1: this is not what "terraform show -json PLAN" prints: it has no "resource_changes"'],
    ['a Terraform value', 'a.json', '{"resource_changes":[\n{"address":"x.y","type":"aws_route53_record","change":{"actions":["create"],"after":{"name":"a","type":"A","ttl":60,"records":["nowhere"]}}}]}',
      'a.json:2:1: x.y: A "nowhere": expected an IPv4 address'],
    ['a TTL that is none', 'a.json', '{"domains":[{"name":"example.com","records":[{"type":"A","name":"a","ttl":4294967296,"target":"192.0.2.1"}]}]}',
      'a.json:1:46: a TTL is a number of seconds up to 2147483647 (RFC 2181 §8), not 4294967296'],
  ])('%s', async (_, name, text, message) => {
    expect(await refusal(name, text)).toBe(message)
  })

  test('what cannot be meant on the command line', async () => {
    const said = async (given: PlannedFlags): Promise<string> => planOf(given).then(() => 'accepted', (error: unknown) => (error as Error).message)
    expect(await said({ set: ['_dmarc'] })).toBe('--set: \'_dmarc\': expected NAME TYPE DATA')
    expect(await said({ set: ['_dmarc TXT'] })).toBe('--set: \'_dmarc TXT\': the data of this TXT record is missing')
    expect(await said({ set: ['_dmarc TEXT "x"'] })).toBe('--set: \'_dmarc TEXT "x"\': TEXT is no record type that is known here')
    expect(await said({ set: ['a A 192.0.2.1\nb A 192.0.2.2 x'] })).toContain('--set:')
    expect(await said({ delete: ['a'] })).toBe('--delete: \'a\': expected NAME TYPE')
    expect(await said({ zone: ['/absent/x.zone'] })).toBe('/absent/x.zone cannot be read: there is no such file or directory')
  })

  test('what is kept, and reported', async () => {
    expect(await notes('n.zone', `
a.example.com A 192.0.2.1
@ LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m
@ ALIAS web.example.net.
mx1 A 192.0.2.25
mx1 60 A 192.0.2.25
mx1 A 192.0.2.26
other.example.net. TXT "x"
`)).toEqual([
      '2: a.example.com.example.com: is the final dot missing after example.com?',
      '3: LOC records are kept, and not looked at',
      '4: what ALIAS gives shows only when it is published: the addresses of example.com cannot be told',
      '5: the records of mx1.example.com A have different TTLs: the lowest counts for all (RFC 2181 §5.2)',
      '6: mx1.example.com A 192.0.2.25 is there twice (first ' + join(folder, 'n.zone') + ':5): it counts once',
      '8: other.example.net TXT lies outside of example.com: it is taken as planned all the same',
    ])
    const { overlaid } = await planOf({ zone: [join(folder, 'n.zone')] })
    expect(await answers(overlaid, ['example.com A', 'example.com AAAA', 'example.com MX', 'mx1.example.com A', 'other.example.net TXT'])).toEqual({
      'example.com A': '(planned)', 'example.com AAAA': '(planned)', 'example.com MX': '10 mx1.example.com.', 'mx1.example.com A': '192.0.2.25, 192.0.2.26',
      'other.example.net TXT': '"x"',
    })
  })

  test('what collides with what is live', async () => {
    expect(await notes('c.zone', 'mx1 CNAME host.example.net.\n')).toEqual(['1: mx1.example.com has A records now, which cannot stay beside a CNAME: remove them in the same change'])
    const aliased = `${(await import('./planned.ts')).live}\n  alias.example.com CNAME web.example.com`
    const { plan } = await planOf({ set: ['alias TXT "x"'] }, aliased)
    expect(plan.notes.map(({ message }) => message)).toEqual([
      'alias.example.com is an alias now (CNAME web.example.com.): unless the plan removes it ("alias.example.com. CNAME (none)"), nothing else can stand there',
    ])
    expect((await planOf({ set: ['alias TXT "x"'], delete: ['alias CNAME'] }, aliased)).plan.notes).toEqual([])
  })

  test('values that Terraform knows only after apply', async () => {
    const change = (more: object, unknown: object) => JSON.stringify({ resource_changes: [{
      address: 'aws_route53_record.x', type: 'aws_route53_record', mode: 'managed',
      change: { actions: ['update'], before: { name: 'mx1.example.com', type: 'A', ttl: 60, records: ['192.0.2.25'] }, after: { name: 'mx1.example.com', type: 'A', ttl: 60, ...more }, after_unknown: unknown },
    }] })
    const file = write('u.json', change({}, { records: true }))
    const { plan, overlaid } = await planOf({ zone: [file] })
    expect(plan.notes.map(({ message }) => message)).toEqual(['aws_route53_record.x: its values are known only after apply; the checks of mx1.example.com A cannot be told'])
    expect(await answers(overlaid, ['mx1.example.com A', 'mx1.example.com AAAA', 'example.com MX'])).toMatchObject({ 'mx1.example.com A': '(planned)', 'example.com MX': '10 mx1.example.com.' })
    const nameless = await notes('v.json', change({ name: null, records: ['192.0.2.1'] }, { name: true }))
    expect(nameless).toEqual(['1: aws_route53_record.x: its name is known only after apply, so what it changes cannot be told'])
  })

  test('one record of a set, where the source knows no more', async () => {
    const change = (actions: string[], before: object | null, after: object | null) => ({ address: 'c.r', type: 'cloudflare_dns_record', mode: 'managed', change: { actions, before, after, after_unknown: {} } })
    const txt = (content: string) => ({ zone_id: 'z', name: 'example.com', type: 'TXT', ttl: 1, content })
    const file = write('d.json', JSON.stringify({ resource_changes: [change(['create'], null, txt('verification=1')), change(['no-op'], txt('other'), txt('other'))] }))
    const { overlaid } = await planOf({ zone: [file] })
    expect(await answers(overlaid, ['example.com TXT'])).toEqual({ 'example.com TXT': '"v=spf1 mx -all", "verification=1"' })
    const gone = await planOf({ delete: ['@ TXT "v=spf1 mx -all"'] })
    expect(await answers(gone.overlaid, ['example.com TXT'])).toEqual({ 'example.com TXT': 'NOERROR' })
    const hidden = await planOf({ delete: ['@ TXT "v=spf1 mx -all"'] }, 'example.com SOA . . 1 2 3 4 5\n example.com TXT (servfail)')
    expect(await answers(hidden.overlaid, ['example.com TXT'])).toEqual({ 'example.com TXT': '(planned)' })
  })

  test('flags go over files', async () => {
    const { overlaid } = await planOf({ zone: [fixture('patch.zone')], set: ['@ MX 5 mx9'], delete: ['_dmarc TXT', 'www A'] })
    expect(await answers(overlaid, ['example.com MX', '_dmarc.example.com TXT'])).toEqual({ 'example.com MX': '5 mx9.example.com.', '_dmarc.example.com TXT': 'NXDOMAIN' })
  })

  test('100,000 records are read, and looked up', async () => {
    const lines = ['$TTL 3600', '@ SOA ns1 h 1 2 3 4 5', ...Array.from({ length: 100_000 }, (_, i) => `host${i} A 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)]
    const file = write('long.zone', lines.join('\n'))
    const { overlaid, plan } = await planOf({ zone: [file], complete: true })
    expect(await answers(overlaid, ['host99999.example.com A', 'host100000.example.com A'])).toEqual({ 'host99999.example.com A': '10.1.134.159', 'host100000.example.com A': 'NXDOMAIN' })
    expect(plan.sets.length).toBe(100_001)
  })
})

describe('parseJsonText', () => {
  test('reads what JSON.parse reads, and knows where it stands', () => {
    const text = '{"a": [1, true, null, -2.5e3, "\\u00e9\\n"],\n "__proto__": {"b": {}}}'
    const json = parseJsonText(text)
    if ('error' in json) throw new Error(json.error)
    expect(JSON.stringify(json.value)).toBe(JSON.stringify(JSON.parse(text)))
    expect(json.placeOf((json.value as { a: object }).a)).toEqual({ line: 1, column: 7 })
    expect(json.placeOf((json.value as Record<string, object>)['__proto__'] ?? {})).toEqual({ line: 2, column: 15 })
  })

  test.each(['', '{', '[1,]', '{"a" 1}', '"\\x"', 'nul', '[1] 2', '['.repeat(300), '{"a":"b', '{a:1}'])('%j is refused', text => {
    expect(parseJsonText(text)).toMatchObject({ error: expect.any(String) as string, line: 1 })
  })
})
