import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDmarcReport } from '../../src/syntax/dmarc-report.ts'
import { MboxSplitter } from '../../src/syntax/mbox.ts'
import { parseMime } from '../../src/syntax/mime.ts'
import { readReports, reportKey, reportSteps } from '../../src/syntax/received-report.ts'
import { parseTlsReport } from '../../src/syntax/tls-report.ts'
import { readZip } from '../../src/syntax/zip.ts'
import { aggregate, failure, gzip, mailWith, row, tls, zip } from './report-samples.ts'

const octets = (text: string): Buffer => Buffer.from(text)
const read = (content: Buffer | string) => readReports(Buffer.from(content), 'file')
const told = (content: Buffer | string) => read(content).setAside.map(({ where, line, reason }) => `${where}${line === null ? '' : `:${line}`}: ${reason}`)
const only = (content: Buffer | string) => {
  const { reports, setAside } = read(content)
  expect(setAside).toEqual([])
  expect(reports).toHaveLength(1)
  return reports[0]
}

describe('aggregate reports', () => {
  test('RFC 7489', () => {
    expect(only(aggregate({ rows: [{ reason: 'forwarded', dkim: 'pass', spf: 'fail', envelope: 'list.example', disposition: 'none' }] }))).toEqual({
      kind: 'dmarc', form: 'RFC 7489', org: 'receiver.example', id: '1', begin: 1795132800, end: 1795219199, domain: 'example.com',
      policy: { p: 'none', sp: 'none', np: null, pct: 100, testing: false },
      rows: [{
        source: '11.25.1.7', count: 10, disposition: 'none', dkim: 'pass', spf: 'fail', reasons: ['forwarded'], headerFrom: 'example.com', envelopeFrom: 'list.example',
        signatures: [{ domain: 'example.com', selector: 's1', result: 'pass' }], senders: [{ domain: 'list.example', result: 'fail' }],
      }],
    })
  })

  test('RFC 9990', () => {
    expect(only(aggregate({ form: 'RFC 9990', rows: [{ disposition: 'pass' }], policy: 'reject' }))).toMatchObject({
      form: 'RFC 9990', policy: { p: 'reject', np: 'reject', pct: null, testing: false }, rows: [{ disposition: 'pass' }],
    })
  })

  test('with a prefix, in other cases, and with what nobody knows', () => {
    const text = aggregate({ form: 'RFC 9990' }).replace(/<(\/?)(?=[a-z])/g, '<$1d:').replace('xmlns=', 'xmlns:d=').replace('<d:record>', '<d:record><x:more><x:source_ip>1.2.3.4</x:source_ip></x:more>')
      .replaceAll('source_ip', 'Source_IP').replace('>none</d:disposition>', '> None </d:disposition>')
    expect(only(text)).toMatchObject({ form: 'RFC 9990', rows: [{ source: '11.25.1.7', disposition: 'none' }] })
  })

  test.each([
    ['Latin-1, as it says', Buffer.from(aggregate({ org: 'B\xfccher' }).replace('UTF-8', 'iso-8859-1'), 'latin1')],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(aggregate({ org: 'Bücher' }), 'utf16le')])],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${aggregate({ org: 'Bücher' })}`)],
  ])('%s', (_, content) => {
    expect(only(content)).toMatchObject({ org: 'Bücher' })
  })

  test('an address has one spelling', () => {
    expect(only(aggregate({ rows: [{ source: '2001:0DB8:0:0::1' }] }))).toMatchObject({ rows: [{ source: '2001:db8::1' }] })
  })

  test('a word of SPF in place of its result is a fail', () => {
    expect(only(aggregate({ rows: [{ spf: 'softfail' }] }))).toMatchObject({ rows: [{ spf: 'fail', dkim: 'pass' }] })
  })

  test('times in milliseconds', () => {
    expect(only(aggregate().replace(/<begin>(\d+)<\/begin><end>(\d+)/, '<begin>$1000</begin><end>$2000'))).toMatchObject({ begin: 1795132800 })
  })

  test.each([
    [{ source: 'mail.example' }, 'file:14: a record is left out: source_ip "mail.example" is no address'],
    [{ count: '-1' }, 'file:14: a record is left out: count "-1" is no number of messages'],
    [{ disposition: 'bounced' }, 'file:14: a record is left out: disposition "bounced" is none of none, pass, quarantine and reject'],
    [{ from: 'a b' }, 'file:14: a record is left out: header_from "a b" is no domain'],
    [{ from: '' }, 'file:14: a record is left out: it names no header_from'],
  ])('a record that says nothing, among others: %j', (bad, expected) => {
    const content = aggregate({ rows: [bad, { count: 3 }] })
    expect(told(content)).toEqual([expected])
    expect(read(content).reports).toMatchObject([{ rows: [{ count: 3 }] }])
  })

  test.each([
    ['cut off', aggregate().slice(0, 900), /^file:\d+: .*unclosed tag/i],
    ['a DOCTYPE', aggregate().replace('<feedback', '<!DOCTYPE feedback [<!ENTITY a "b">]>\n<feedback'), /file:\d+: a DOCTYPE has no place in it/],
    ['an entity', aggregate({ org: '&lol;' }), /file:5: undefined entity/],
    ['some other XML', '<html><body/></html>', /the root element is html, not feedback/],
    ['nested without end', `<feedback>${'<a>'.repeat(5000)}`, /more than 16 elements within one another/],
    ['no domain', aggregate().replace(/<domain>.*?<\/domain>/, ''), /policy_published names no domain/],
    ['no domain in it', aggregate({ domain: 'a..b' }), /policy_published names "a\.\.b", which is no domain/],
    ['no id', aggregate({ id: '' }), /report_metadata has no report_id/],
    ['nobody', aggregate().replace(/<org_name>.*<\/org_name>\s*<email>.*<\/email>/, ''), /nobody knows who reports/],
    ['no time', aggregate().replace(/<begin>.*?<\/begin>/, '<begin>yesterday</begin>'), /date_range does not say/],
    ['backwards', aggregate().replace(/<end>\d+/, '<end>1'), /date_range ends before it begins/],
    ['no record', aggregate({ rows: [] }), /there is no record in it/],
  ])('set aside: %s', (_, content, reason) => {
    expect(told(content)).toEqual([expect.stringMatching(reason)])
    expect(read(content).reports).toEqual([])
  })

  test('twenty thousand records are read one after the other', () => {
    const rows = row().repeat(20_000)
    const read = parseDmarcReport(octets(aggregate({ rows: [] }).replace('</feedback>', `${rows}</feedback>`)))
    expect('report' in read && read.report.rows.length).toBe(20_000)
  })
})

describe('TLS reports', () => {
  test('a report', () => {
    expect(only(tls({ failures: [{ type: 'certificate-expired', host: 'MX1.example.com', count: 3 }, { type: 'sts-policy-fetch-error', count: 2 }] }))).toEqual({
      kind: 'tls', org: 'Sender', id: 't1', begin: 1795132800, end: 1795219199,
      policies: [{
        type: 'sts', domain: 'example.com', success: 100, failure: 5, failures: [
          { type: 'certificate-expired', host: 'mx1.example.com', address: '11.25.1.1', count: 3, reason: 'X509_V_ERR_CERT_HAS_EXPIRED' },
          { type: 'sts-policy-fetch-error', host: null, address: null, count: 2, reason: null },
        ],
      }],
    })
  })

  test.each([
    ['cut off', tls().slice(0, 300), /^file:\d+: it is no JSON/],
    ['some other JSON', '{"a":1}', /no TLS report: it has no list of policies/],
    ['no id', tls({ id: '' }), /it has no report-id/],
    ['no time', tls().replace('start-datetime', 'start'), /date-range does not say/],
    ['no counts', tls().replace('total-successful-session-count', 'x'), /policies\[0\] is left out: its summary has no counts/],
    ['no domain', tls({ domain: 'a b' }), /policy-domain "a b" is no domain/],
    ['no policy', tls().replace(/"policies": \[[^]*\]\s*\}$/, '"policies": []}'), /list of policies is empty/],
  ])('set aside: %s', (_, content, reason) => {
    expect(told(content)).toEqual([expect.stringMatching(reason)])
  })
})

describe('failure reports', () => {
  test('a report', () => {
    expect(only(failure())).toEqual({
      kind: 'failure', org: 'receiver.example', id: '<f1@receiver.example>', at: 1795168800, domain: 'example.com', type: 'auth-failure', failure: 'dmarc', source: '11.66.1.9',
      result: 'reject', signature: { domain: 'elsewhere.example', selector: 'k1' }, count: 1,
    })
  })

  test('of a message whose domain only its header tells', () => {
    expect(only(failure().replace(/Reported-Domain.*\r\n/, ''))).toMatchObject({ domain: 'example.com' })
  })

  test('of abuse', () => {
    expect(only(failure({ type: 'abuse' }))).toMatchObject({ type: 'abuse' })
  })

  test('without a type', () => {
    expect(told(failure().replace(/Feedback-Type.*\r\n/, ''))).toEqual(['file: the feedback report has no Feedback-Type'])
  })
})

describe('what they come in', () => {
  const xml = aggregate()
  test.each([
    ['gzip', gzip(xml)],
    ['zip', zip([{ name: 'a.xml', content: xml }])],
    ['zip, stored', zip([{ name: 'a.xml', content: xml, method: 0 }])],
    ['zip with a folder', zip([{ name: 'a/', content: '', method: 0 }, { name: 'a/a.xml', content: xml }])],
    ['a mail with gzip', mailWith(gzip(xml))],
    ['a mail with zip, of no particular type', mailWith(zip([{ name: 'a.xml', content: xml }]), { type: 'application/octet-stream', name: 'x.bin' })],
    ['a mail with XML in quoted-printable', mailWith(Buffer.from(xml.replaceAll('=', '=3D').replace(/(?<=<org_name>rec)/, '=\r\n')), { type: 'text/xml', name: 'a.xml', encoding: 'quoted-printable' })],
    ['a mail with LF alone', mailWith(gzip(xml)).replaceAll('\r\n', '\n')],
    ['a mail within a mail', mailWith(octets(mailWith(gzip(xml)).replaceAll('=_b', '=_inner')), { type: 'message/rfc822', name: 'fw.eml', encoding: '8bit' })],
    ['a mail that is nothing but a report', `Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${gzip(xml).toString('base64')}`],
    ['a mail of an mbox', `From x@y Fri Nov 20\n${mailWith(gzip(xml))}`],
  ])('%s', (_, content) => {
    expect(only(content)).toMatchObject({ kind: 'dmarc', org: 'receiver.example', rows: [{ count: 10 }] })
  })

  test('several in one mail', () => {
    const both = mailWith(zip([{ name: 'a.xml', content: xml }, { name: 'b.xml', content: aggregate({ id: '2' }) }]))
    expect(read(both).reports.map(({ id }) => id)).toEqual(['1', '2'])
  })

  test.each([
    ['nothing', '', 'file: it is empty'],
    ['prose', 'Dear all, hello', 'file: it is neither XML, JSON, gzip, zip nor a message'],
    ['a mail without a report', 'Subject: x\r\n\r\nhello', 'file: the message has no report attached'],
    ['gzip, cut off', gzip(xml).subarray(0, 100), 'file: it cannot be unpacked: it is cut off'],
    ['gzip, damaged', Buffer.concat([gzip(xml).subarray(0, 40), Buffer.alloc(300, 7)]), 'file: it cannot be unpacked: it is damaged'],
    ['gzip in zip', zip([{ name: 'a.gz', content: gzip(xml) }]), 'file, a.gz: it is packed twice over'],
    ['zip in zip', zip([{ name: 'b.zip', content: zip([{ name: 'a.xml', content: xml }]) }]), 'file, b.zip: it is packed twice over'],
    ['encrypted', zip([{ name: 'a.xml', content: xml, flags: 1 }]), 'file, a.xml: it is encrypted'],
    ['another method', zip([{ name: 'a.xml', content: xml, method: 12 }]), 'file, a.xml: it is packed by method 12, which no report is'],
    ['a false checksum', zip([{ name: 'a.xml', content: xml, crc: 1 }]), 'file, a.xml: it is damaged: its checksum does not fit'],
    ['more files than there are', zip([{ name: 'a.xml', content: xml }], { count: 2 }), 'file: the directory of the zip archive is damaged'],
    ['no directory', zip([{ name: 'a.xml', content: xml }]).subarray(0, 200), 'file: the zip archive has no directory: it is cut off'],
    ['many files', zip(Array.from({ length: 101 }, (_, i) => ({ name: `${i}.xml`, content: '' }))), 'file: the zip archive has 101 files: more than 100'],
    ['an empty archive', zip([]), 'file: the zip archive is empty'],
  ])('set aside: %s', (_, content, expected) => {
    expect(told(content)).toEqual([expected])
  })

  test('a bomb is not unpacked', () => {
    const bomb = Buffer.alloc(40 * 1024 * 1024, ' ')
    expect(told(gzip(bomb.toString()))).toEqual([expect.stringMatching(/^file: it is more than \d+ octets when unpacked, packed \d+: more than a report may be$/)])
    expect(told(zip([{ name: 'a.xml', content: bomb }]))).toEqual([expect.stringMatching(/^file, a\.xml: it is 41943040 octets when unpacked/)])
    expect(told(zip([{ name: 'a.xml', content: bomb, size: 10 }]))).toEqual([expect.stringMatching(/^file, a\.xml: it is more than \d+ octets/)])
  })

  test('parts beyond the limits are told of', () => {
    const parts = (count: number): string => '--=_b\r\n\r\nx\r\n'.repeat(count)
    const mail = mailWith(gzip(xml)).replace('--=_b\r\n', `${parts(498)}--=_b\r\n`)
    expect(only(mail)).toMatchObject({ kind: 'dmarc' })
    expect(told(mail.replace('--=_b\r\n', `${parts(3)}--=_b\r\n`))).toEqual(['file: the message has more than 500 parts: 3 of them are not looked at', 'file: the message has no report attached'])
  })

  test('parts too deep within one another are told of', () => {
    const within = (depth: number, inner: string): string => depth === 0 ? inner : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${within(depth - 1, inner)}\r\n--b${depth}--\r\n`
    const inner = `Content-Type: text/xml\r\n\r\n${xml}`
    expect(only(`A: b\r\n${within(8, inner)}`)).toMatchObject({ kind: 'dmarc' })
    expect(told(`A: b\r\n${within(9, inner)}`)).toEqual(['file: parts of the message lie more than 8 deep within one another: they are not looked at', 'file: the message has no report attached'])
  })

  test('files that lie over one another', () => {
    const twice = zip([{ name: 'a.xml', content: xml }, { name: 'b.xml', content: xml }])
    const second = twice.lastIndexOf('PK\x01\x02')
    twice.writeUInt32LE(0, second + 42)
    expect(told(twice)).toEqual(['file: files of the zip archive lie over one another'])
  })
})

test('a report has one key, and another has another', () => {
  const key = (content: string) => reportKey(read(content).reports[0] ?? expect.fail())
  expect(key(aggregate())).toBe(key(aggregate({ rows: [{ count: 3 }], org: 'RECEIVER.example' })))
  expect(new Set([aggregate(), aggregate({ id: '2' }), aggregate({ org: 'b.example' }), aggregate({ domain: 'example.org' }), tls(), tls({ id: 't2' }), failure(), failure({ id: 'f2' })].map(key)).size).toBe(8)
})

describe('what costs the reader more than the sender', () => {
  /** Octets of heap and buffers that are held at the end. */
  const held = (work: () => unknown): number => {
    const before = process.memoryUsage()
    const kept = work()
    const after = process.memoryUsage()
    expect(kept).toBeDefined()
    return after.heapUsed + after.external - before.heapUsed - before.external
  }
  const lines = 1_000_000

  test('a message of empty lines takes no hundred times its octets', () => {
    const message = Buffer.from(`A: b\n\n${'\n'.repeat(lines)}`)
    expect(held(() => parseMime(message))).toBeLessThan(60 * lines)
  })

  test('nor does a mailbox of them', () => {
    const piece = Buffer.alloc(65_536, '\n')
    expect(held(() => {
      const splitter = new MboxSplitter(2 * lines, () => expect.fail())
      for (let at = 0; at < lines; at += piece.length) splitter.push(piece)
      return splitter
    })).toBeLessThan(60 * lines)
  })

  test('long names of elements around many', () => {
    const name = 'x'.repeat(500_000)
    expect(told(`<feedback><${name}>${'<a/>'.repeat(200_000)}</${name}></feedback>`)).toEqual(['file:1: the name of an element has 500000 characters'])
  })

  test('archives beside archives', () => {
    const packed = gzip(`<x>${randomBytes(10_000).toString('hex').repeat(2048)}</x>`) // 40 MB
    const parts = `--b\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed.toString('base64')}\r\n`
    const reasons = told(`A: b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.repeat(4)}--b--\r\n`)
    expect(reasons).toEqual([
      expect.stringContaining('the root element is x'), expect.stringContaining('octets when unpacked'),
      'file: what comes with it has 67108864 octets when unpacked: the rest is not looked at', 'file: what comes with it has 67108864 octets when unpacked: the rest is not looked at',
    ])
  })

  test('files of an archive that are unpacked in vain', () => {
    const content = Buffer.concat([Buffer.from('<x>'), randomBytes(200_000), Buffer.alloc(20 * 1024 * 1024, 'a')])
    const archive = zip(Array.from({ length: 6 }, (_, i) => ({ name: `${i}`, content, crc: 1 })))
    expect(told(archive)).toEqual([
      ...[0, 1, 2].map(i => `file, ${i}: it is damaged: its checksum does not fit`), ...[3, 4, 5].map(i => expect.stringMatching(new RegExp(`^file, ${i}: it is 21171523 octets when unpacked`)) as string),
    ])
  })

  test('JSON longer than any TLS report', () => {
    expect(told(`{"policies":[${'[],'.repeat(6_000_000)}0]}`)).toEqual(['file: the JSON has more than 16777216 octets: more than a TLS report may'])
  })
})

test('a large report is read in many steps, in whatever it comes', () => {
  const text = aggregate({ rows: Array.from({ length: 5000 }, (_, i) => ({ source: `11.1.${i >> 8}.${i & 255}` })) })
  for (const content of [Buffer.from(text), gzip(text), zip([{ name: 'a.xml', content: text }]), Buffer.from(mailWith(gzip(text)))]) {
    const steps = reportSteps(content, 'file')
    let count = 0
    for (; ; count++) {
      const { done, value } = steps.next()
      if (!done) continue
      expect(value.reports).toMatchObject([{ kind: 'dmarc' }])
      break
    }
    expect(count).toBeGreaterThanOrEqual(Math.floor(text.length / 65_536))
  }
})

test('an mbox is split at its From lines, however it arrives', () => {
  const box = `From a\nSubject: 1\n\nSent from here\n\nFrom b\r\nSubject: 2\r\n\r\nx\r\n\r\nFrom c\nSubject: 3\n`
  for (const size of [1, 2, 7, 1000]) {
    const seen: string[] = []
    const splitter = new MboxSplitter(30, ({ line, octets }) => void seen.push(`${line} ${octets === null ? 'too long' : JSON.stringify(Buffer.from(octets).toString())}`))
    for (let at = 0; at < box.length; at += size) splitter.push(Buffer.from(box.slice(at, at + size)))
    splitter.end()
    expect(seen).toEqual(['1 "Subject: 1\\n\\nSent from here\\n\\n"', '6 "Subject: 2\\r\\n\\r\\nx\\r\\n\\r\\n"', '11 "Subject: 3\\n"'])
  }
})

test('no octets make a parser throw', () => {
  const samples: Buffer[] = [...[aggregate(), tls(), failure(), mailWith(gzip(aggregate()))].map(text => Buffer.from(text)), gzip(aggregate()), zip([{ name: 'a.xml', content: aggregate() }])]
  const mutated = fc.tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(5000), fc.uint8Array({ maxLength: 6 })), { maxLength: 5 })).map(([sample, edits]) => {
    const copy = Buffer.from(sample)
    for (const [at, bytes] of edits) copy.set(bytes.subarray(0, Math.max(0, copy.length - (at % copy.length))), at % copy.length)
    return copy
  })
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), content => {
    readReports(content, 'x')
    parseDmarcReport(content)
    parseTlsReport(content)
    parseMime(content)
    readZip(content, { entries: 10, budget: { octets: 1e6 }, ratio: 100 })
  }), { numRuns: 400 })
})
