/** Our reader of zone files beside those of others: named-compilezone (Debian bind9-utils) and ldns-read-zone (ldnsutils). */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readZoneFile } from '../../src/change/sources/bind.ts'
import { parseZone } from '../../src/syntax/zone.ts'

const origin = 'example.com'

interface Reader {
  readonly name: string
  /** The zone as they write it, a record a line and every name absolute; null when they refuse it. */
  readonly read: (file: string, folder: string) => string | null
}

const known: readonly Reader[] = [
  {
    name: 'named-compilezone',
    read: (file, folder) => {
      const out = join(folder, 'compiled')
      const { status } = spawnSync('named-compilezone', ['-i', 'none', '-k', 'ignore', '-m', 'ignore', '-n', 'ignore', '-r', 'ignore', '-S', 'ignore', '-o', out, origin, file], { cwd: folder })
      return status === 0 ? readFileSync(out, 'latin1') : null
    },
  },
  {
    name: 'ldns-read-zone',
    read: (file, folder) => {
      const { status, stdout } = spawnSync('ldns-read-zone', [file], { cwd: folder, encoding: 'latin1' })
      return status === 0 ? stdout : null
    },
  },
]
const readers = known.filter(({ name }) => spawnSync(name, ['-h']).error === undefined)

/** Without SOA and NS a zone is none to them. */
const head = '$ORIGIN example.com.\n$TTL 2h\n@ IN SOA ns1 hostmaster ( 2026112301 ; serial\n 2h 30m ; refresh, retry\n 2w 300 )\n NS ns1\nns1 A 192.0.2.53\n'
const below = head.split('\n').length

/** ldns takes a relative $ORIGIN for an absolute one, knows no $INCLUDE and no class before a TTL, and ends an open string for us. */
const beyondLdns: ReadonlySet<string> = new Set(['records by the dozen ($GENERATE)', 'origins, one in another', 'TTLs and classes in either order', 'types by number (RFC 3597)', 'an open string'])

const zones: Readonly<Record<string, string>> = {
  'owners that are inherited, and names that are relative': '@ MX 5 mx0\n  NS ns2.example.net.\n\tMX 10 mx1\nmx1 A 192.0.2.25\n    AAAA 2001:DB8:0:0::25\nWWW CNAME MX1\n',
  'origins, one in another': '$ORIGIN sub\nhost A 192.0.2.1\n$ORIGIN deeper\nhost A 192.0.2.2\n@ MX 5 host\n$ORIGIN example.net.\nhost2.example.com. A 192.0.2.3\n',
  'TTLs and classes in either order': 'a 60 IN A 192.0.2.1\nb IN 90 A 192.0.2.2\nc A 192.0.2.3\n$TTL 1h30m\nd A 192.0.2.4\ne 1d IN A 192.0.2.5\nf in a 192.0.2.6\n',
  'text in strings': '@ TXT "v=spf1 ip4:192.0.2.0/24 -all"\nk TXT ( "v=DKIM1; k=rsa; " ; a comment\n "p=AAAA" )\nq TXT "a \\"quoted\\" word" unquoted\ns TXT "semi;colon" back\\\\slash\nn TXT "\\195\\169" "\\000\\255"\nempty TXT ""\n',
  'services, certificates, authorities': '_imaps._tcp SRV 0 1 993 mail\n_25._tcp.mx1 TLSA 3 1 1 (\n 4F1A9C25B3D7E60812CA5D9F0B7E36A4\n C81D25F9730EA6B4125C8D9E7F03A6B2 )\n@ CAA 0 issue "ca.example; validationmethods=dns-01"\n@ CAA 128 iodef "mailto:x@example.com"\n',
  'odd names': '*.wild TXT "x"\n_dmarc TXT "v=DMARC1; p=none"\na\\.b A 192.0.2.1\nin A 192.0.2.2\nmx MX 10 mx\n1 PTR host\n\\097bc A 192.0.2.3\n',
  'records by the dozen ($GENERATE)': '$GENERATE 1-3 host-$ A 192.0.2.$\n$GENERATE 0-4/2 ${1,3} 60 PTR host-${0,2,x}\n$GENERATE 9-10 mx$ IN MX "$ mail-$"\n',
  'types by number (RFC 3597)': 'a TYPE65280 \\# 4 0A000001\nb TYPE65281 \\# 0\n',
}

const bad: Readonly<Record<string, readonly [text: string, column: number]>> = {
  'no address': ['a A 192.0.2.300\n', 5],
  'a preference that is none': ['a MX ten mx1\n', 6],
  'an open string': ['a TXT "v=spf1\n', 7],
  'a label of 64 octets': [`${'a'.repeat(64)} A 192.0.2.1\n`, 64],
  'an empty label': ['a..b A 192.0.2.1\n', 3],
  'data that is missing': ['a MX 10\n', 8],
  'data that is too much': ['a A 192.0.2.1 192.0.2.2\n', 15],
}

test('there is a reader to compare with', ({ skip }) => {
  if (readers.length > 0) return
  process.stderr.write('\nNOT COMPARED: neither named-compilezone (bind9-utils) nor ldns-read-zone (ldnsutils) is installed\n\n')
  skip()
})

describe.each(readers)('$name', ({ name, read }) => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zones-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const theirs = (text: string): string | null => {
    const file = join(folder, 'zone')
    writeFileSync(file, text, 'latin1')
    return read(file, folder)
  }

  test.each(Object.entries(zones))('reads %s as we do', (what, text) => {
    if (name === 'ldns-read-zone' && beyondLdns.has(what)) return
    const told = theirs(head + text)
    expect(told).not.toBeNull()
    expect(recordsOf(head + text)).toEqual(recordsOf((told ?? '').replace(/^;.*$/gm, '')))
  })

  test('follows $INCLUDE as we do', () => {
    if (name === 'ldns-read-zone') return
    const included = '$ORIGIN inner.example.com.\nhost A 192.0.2.7\nother A 192.0.2.8\n'
    writeFileSync(join(folder, 'more.zone'), included)
    const text = `${head}a A 192.0.2.1\n$INCLUDE more.zone\nb A 192.0.2.2\n`
    const told = theirs(text)
    const ours = readZoneFile(text, { file: 'zone', origin, complete: true, include: file => ({ file, text: included }) })
    expect(ours.errors).toEqual([])
    const records = ours.entries.flatMap(entry => 'record' in entry ? [`${entry.record.name} ${entry.record.type} ${entry.record.text}`] : [])
    expect(records.toSorted()).toEqual(parseZone((told ?? '').replace(/^;.*$/gm, '')).records.map(record => `${record.name} ${record.type} ${record.text}`).toSorted())
  })

  test.each(Object.entries(bad))('refuses %s, and so do we, with the place', (what, [text, column]) => {
    if (name !== 'ldns-read-zone' || !beyondLdns.has(what)) expect(theirs(head + text)).toBeNull()
    expect(parseZone(head + text, { origin }).errors[0]).toMatchObject({ line: below, column })
  })
})

function recordsOf(text: string): string[] {
  const { records, errors } = parseZone(text, { origin, generate: true })
  expect(errors).toEqual([])
  return records.map(record => `${record.name} ${record.ttl} ${record.type} ${record.text}`).toSorted()
}
