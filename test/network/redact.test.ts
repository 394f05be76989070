/** What redaction keeps and what it renames, on a recording of a few lines; test/network/recording.test.ts does all the worlds. */
import { createPublicKey, X509Certificate } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { contentName } from '../../src/network/cassette-format.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { redact } from '../../src/network/redact/redact.ts'
import { writeDer } from '../../src/syntax/der-write.ts'
import { unpackGzip } from '../../src/syntax/gzip.ts'
import { specialPurposeBlock } from '../../src/syntax/special-purpose.ts'
import { authority, makeChain } from '../certificates.ts'

const tape = `mailcheck cassette 1
start 2026-11-22T10:00:00.000Z

scope acme-shop.co.uk
  selectors ["google","bigkey77"]
  ehloName "laptop"
  senders [{"address":"185.51.7.9","mailFrom":"bounce.acme-shop.co.uk"}]
  accounts [{"service":"pop3s","user":"wilma"}]

question acme-shop.co.uk. MX
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  acme-shop.co.uk. 300 IN MX 10 mx1.acme-shop.co.uk.
  acme-shop.co.uk. 300 IN MX 20 acmeshop-co-uk.mail.protection.outlook.com.

question acme-shop.co.uk. TXT
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  acme-shop.co.uk. 300 IN TXT "v=spf1 ip4:185.51.7.0/24 ip6:2a0c:1234:5::/48 ip4:10.1.2.3 include:_spf.google.com exists:%{ir}.crew._spf.acme-shop.co.uk a:dep" "artment.acme-shop.co.uk -all"
  acme-shop.co.uk. 300 IN TXT "some-site-verification=AbCdEf0123456789xyzXYZ"

question 9.7.51.185.crew._spf.acme-shop.co.uk. A
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  9.7.51.185.crew._spf.acme-shop.co.uk. 300 IN A 127.0.0.2

question department.acme-shop.co.uk. A
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  department.acme-shop.co.uk. 300 IN A 185.51.7.77
  department.acme-shop.co.uk. 300 IN A 10.9.8.7

question 9.7.51.185.in-addr.arpa. PTR
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  9.7.51.185.in-addr.arpa. 300 IN PTR static-185-51-7-9.customers.megaisp.net.

question 9.7.51.185.zen.spamhaus.org. A
  * NXDOMAIN 12 ms udp 96 octets from 8.8.8.8:53

question acme-shop.co.uk.dbl.spamhaus.org. A
  * NXDOMAIN 12 ms udp 96 octets from 8.8.8.8:53

question acme-shop.co.uk._report._dmarc.watcher.net. TXT
  * NXDOMAIN 12 ms udp 96 octets from 8.8.8.8:53

question bigkey77._domainkey.acme-shop.co.uk. TXT
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  bigkey77._domainkey.acme-shop.co.uk. 300 IN TXT "v=DKIM1; p=AAAA"

question google._domainkey.acme-shop.co.uk. TXT
  * timeout dns-timeout "8.8.8.8:53 has no answer for google._domainkey.acme-shop.co.uk"

question _dmarc.acme-shop.co.uk. TXT
  * NOERROR 12 ms udp 96 octets from 8.8.8.8:53
  _dmarc.acme-shop.co.uk. 300 IN TXT "v=DMARC1; p=reject; rua=mailto:fred.flint@acme-shop.co.uk,mailto:postmaster@watcher.net"

session mx1.acme-shop.co.uk[2a0c:1234:5::25]:25 starttls
  * connected 25
  31 S: 220 srvacme01 ESMTP Exim 4.97 Sun, 22 Nov 2026 10:00:01 +0000
  C: EHLO laptop
  43 S: 250-MX1.Acme-Shop.co.uk Hello laptop [203.5.6.7], glad to meet you
  43 S: 250 AUTH PLAIN LOGIN CRAM-MD5
  C: AUTH CRAM-MD5
  44 S: 334 ${Buffer.from('<1896.697@mx1.acme-shop.co.uk>').toString('base64')}
  C: RCPT TO:<postmaster@acme-shop.co.uk>
  45 S: 550 5.1.1 wilma is not here, see https://help.acme-shop.co.uk/crew/list.html?who=fred%40acme-shop.co.uk
  46 S: 550 id <20261122.7@srvacme01>, or ask root@localhost

page https://autoconfig.acme-shop.co.uk/mail/config-v1.1.xml
  * 200 from 185.51.7.80 80 ms
  < content-type: text/xml
  < set-cookie: session=biscuit
  | <clientConfig version="1.1"><displayName>Acme Mail</displayName><hostname>mx1.acme-shop.co.uk</hostname></clientConfig>
`

let text = ''
let name = ''
beforeAll(async () => {
  const { cassette, errors } = parseCassette(tape)
  expect(errors).toEqual([])
  const redacted = await redact(cassette)
  text = formatCassette(redacted.cassette)
  name = redacted.domains.get('acme-shop.co.uk') ?? ''
})

describe('a redacted recording', () => {
  test('has none of what is the owner’s', () => {
    const decoded = text.replace(/[A-Za-z0-9+/]{16,}={0,2}/g, run => `${run} ${Buffer.from(run, 'base64').toString('latin1')}`).toLowerCase()
    const own = ['acme', 'bigkey', 'crew', 'department', 'dep"', 'wilma', 'fred', 'flint', 'watcher', 'megaisp', 'srvacme', 'laptop', 'biscuit', 'abcdef0123456789',
      '185.51.7.', '9.7.51.185', '185-51-7', '2a0c:1234', '10.1.2.3', '10.9.8.7', '203.5.6.7']
    expect(own.filter(word => decoded.includes(word))).toEqual([])
  })

  test('keeps what everybody knows', () => {
    expect(name).toMatch(/^[a-z]{4}-[a-z]{4}\.co\.uk$/)
    for (const known of [
      'include:_spf.google.com', '.mail.protection.outlook.com.', `question google._domainkey.${name}. TXT`, 'IN A 127.0.0.2', `question ${name}.dbl.spamhaus.org. A`,
      'C: AUTH CRAM-MD5', '250 AUTH PLAIN LOGIN CRAM-MD5', `RCPT TO:<postmaster@${name}>`, 'ESMTP Exim 4.97 Sun, 22 Nov 2026 10:00:01 +0000', `page https://autoconfig.${name}/mail/config-v1.1.xml`,
      `mx1.${name}[`, 'content-type: text/xml', 'v=DKIM1; p=AAAA', '.customers.', 'PTR static-', 'root@localhost',
    ]) expect(text).toContain(known)
  })

  test('says the same thing alike wherever it is said', () => {
    const address = /"address":"([\d.]+)"/.exec(text)?.[1] ?? ''
    const octets = address.split('.')
    const backwards = octets.toReversed().join('.')
    const host = /question (\w+)\.\w+\._spf|question [\d.]+\.(\w+)\._spf/.exec(text)?.[2] ?? ''
    expect(text).toContain(`question ${backwards}.${host}._spf.${name}. A`)
    expect(text).toContain(`exists:%{ir}.${host}._spf.${name}`)
    expect(text).toContain(`question ${backwards}.in-addr.arpa. PTR`)
    expect(text).toContain(`static-${octets.join('-')}.customers.`)
    expect(text).toContain(`question ${backwards}.zen.spamhaus.org. A`)
    expect(text).toContain(`ip4:${octets.slice(0, 3).join('.')}.0/24`)
    const watcher = /postmaster@([a-z]{7}\.net)"/.exec(text)?.[1] ?? ''
    expect(text).toContain(`question ${name}._report._dmarc.${watcher}. TXT`)
    const [, first = '', second = ''] = /a:(\w{3})" "(\w{7})\./.exec(text) ?? []
    expect(text).toContain(`question ${first}${second}.${name}. A`)
    const selector = /question (\w{8})\._domainkey/.exec(text.replace('question google', ''))?.[1] ?? ''
    expect(text).toContain(`selectors ["google","${selector}"]`)
    const ehlo = /C: EHLO (\w{6})/.exec(text)?.[1] ?? ''
    expect(text).toContain(`ehloName "${ehlo}"`)
    expect(text).toContain(`Hello ${ehlo} [`)
    const user = /"user":"(\w+)"/.exec(text)?.[1] ?? ''
    expect(text).toContain(`550 5.1.1 ${user} is not here`)
  })

  test('leaves every address in its class', () => {
    const addresses = [...text.matchAll(/IN A ([\d.]+)/g)].map(([, address = '']) => specialPurposeBlock(address)?.split(',')[0] ?? 'public')
    expect(addresses.toSorted()).toEqual(['loopback', 'private', 'public'])
    expect(text).toMatch(/session mx1\.[\w.-]+\[2[\da-f:]+\]:25/)
  })
})

const times = '2026-11-22T10:00:00.000Z'

async function redacted(exchanges: string): Promise<{ text: string; name: (old: string) => string }> {
  const { cassette, errors } = parseCassette(`mailcheck cassette 1\nstart ${times}\n\n${exchanges}`)
  expect(errors).toEqual([])
  const made = await redact(cassette)
  return { text: formatCassette(made.cassette), name: old => made.domains.get(old) ?? '' }
}

test('what third parties are asked is asked alike in a replay: of the new names and addresses', async () => {
  const person = { roles: ['registrant'], vcardArray: ['vcard', [['fn', {}, 'text', 'Wilma Slate'], ['tel', {}, 'uri', 'tel:+1.555']]] }
  const registrar = { roles: ['registrar'], vcardArray: ['vcard', [['fn', {}, 'text', 'Bedrock Names Inc']]] }
  const registration = { objectClassName: 'domain', ldhName: 'WEB.DE', handle: 'H1896', events: [{ eventAction: 'expiration', eventDate: '2027-01-01T00:00:00Z' }], entities: [person, registrar], remarks: [{ description: ['Wilma'] }] }
  const page = (url: string, body: unknown) => `page ${url}\n  * 200 from 192.0.43.9 80 ms\n  | ${JSON.stringify(body)}\n\n`
  const { text, name } = await redacted([
    'scope web.de\n  only ["mail","mx"]\n  profile "our-own"\n\nscope mail.com\n  skip ["spf/*"]\n  profile "m3aawg"\n',
    '\nquestion mx.web.de. AAAA\n  * NOERROR 1 ms udp 9 octets from 8.8.8.8:53\n  mx.web.de. 300 IN AAAA 2a0c:1234:5::25\n\nquestion mx.web.de. A\n  * NOERROR 1 ms udp 9 octets from 8.8.8.8:53\n  mx.web.de. 300 IN A 46.4.7.9\n\n',
    page('https://data.iana.org/rdap/dns.json', { services: [[['de'], ['https://rdap.quarry.net/']]] }), page('https://rdap.quarry.net/domain/web.de', registration),
    page('https://stat.ripe.net/data/network-info/data.json?resource=2a0c:1234:5::25&sourceapp=mailcheck', { data: { prefix: '2a0c:1234::/32' } }),
    page('https://stat.ripe.net/data/rpki-validation/data.json?resource=3333&prefix=46.4.0.0/16&sourceapp=mailcheck', {}), page('https://www.quarry.net/46.4.7.9/2a0c:1234:5::25?fred@web.de', {}),
  ].join(''))
  const [, v6 = ''] = /IN AAAA (\S+)/.exec(text) ?? []
  const [, v4 = ''] = /IN A (\S+)/.exec(text) ?? []
  const [, registry = ''] = /page https:\/\/rdap\.(\w{6}\.net)\/domain/.exec(text) ?? []
  for (const known of [
    'page https://data.iana.org/rdap/dns.json', `"https://rdap.${registry}/"`, `page https://rdap.${registry}/domain/${name('web.de')}`, `"ldhName":"${name('web.de').toUpperCase()}"`, '"2027-01-01T00:00:00Z"', 'Bedrock Names Inc',
    `https://stat.ripe.net/data/network-info/data.json?resource=${v6}&sourceapp=mailcheck`, `data/rpki-validation/data.json?resource=3333&prefix=${v4.split('.').slice(0, 2).join('.')}.0.0/16&`,
    `/${v4}/${v6}?`, `@${name('web.de')}`, 'only ["mail","mx"]', 'skip ["spf/*"]', 'profile "m3aawg"',
  ]) expect(text).toContain(known)
  expect(['web.de', 'quarry', 'wilma', 'slate', 'h1896', '555', 'fred', 'our-own', '2a0c:1234', '46.4.'].filter(word => text.toLowerCase().includes(word))).toEqual([])
})

test('nobody keeps a recording from being redacted by saying a name where none is looked for', async () => {
  const { text } = await redacted('session mx.acme.example[46.4.7.9]:25 starttls\n  S: 220 mail.web.de and www.mx.info\n  S: 220-<mail.web.de@mail.web.de>\npage https://acme.example/www.mx.info\n  * 200 from 192.0.43.9 80 ms\n  | v=spf1 exists:www.mx.info%{d} www.mx.info@acme.example\n')
  expect(['mail.web.de', 'www.mx.info', 'acme'].filter(word => text.includes(word))).toEqual([])
})

test('what stands beside a certificate in a page is redacted like any text, and what is cut off of one goes', async () => {
  const whole = (await makeChain({ names: ['acme-shop.co.uk'] }, { trusted: true, anchor: 'Quarry Root', path: [] }, new Date(times)))[0] ?? ''
  const begin = '-----BEGIN CERTIFICATE-----'
  const { text } = await redacted(`page https://acme-shop.co.uk/vmc.pem\n  * 200 from 192.0.43.9 80 ms\n  | mark of fred@acme-shop.co.uk\n  | ${begin}\n  | ${whole}\n  | -----END CERTIFICATE-----\n  | ${begin}\n  | ${whole}\n`)
  expect(text).toMatch(/mark of \w{4}@\w{4}-\w{4}\.co\.uk\n.*BEGIN CERTIFICATE-----\n {2}\| \S{64}/)
  const [first = '', cut = ''] = text.split(begin).slice(1)
  expect(Buffer.from(first.replace(/[^]*?\|/, '').replace(/-----[^]*|[\s|]/g, ''), 'base64').toString('latin1')).not.toMatch(/acme/)
  expect(cut.replace(/end\s*$/, '').trim()).toBe('')
})

test('an authority of the user’s own is known by its key, and gets another one', async () => {
  const own = await authority('Acme Root', false)
  const [leaf = ''] = await makeChain({ names: ['mx.acme.example'] }, { trusted: true, anchor: 'Acme Root', path: [] }, new Date(times))
  const spki = new X509Certificate(own.der).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const name = contentName(leaf)
  const { text } = await redacted(`session mx.acme.example[46.4.7.9]:25 starttls\n  * connected 1\n  * tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 trusted private anchor="CN=Acme Root" path=0 anchor-key=${spki.includes('=') ? `"${spki}"` : spki} cert=${name}\n\ncertificate ${name}\n  ${leaf}\n`)
  expect(text).not.toContain(spki)
  const { cassette: { sessions: [session] } } = parseCassette(text)
  const [step] = session?.steps ?? []
  if (step?.kind !== 'tls' || !step.tls.trust.trusted) throw new Error('it is trusted no more')
  const { chain, trust: { anchorKey = '' } } = step.tls
  expect(new X509Certificate(Buffer.from(chain[0] ?? '', 'base64')).verify(createPublicKey({ key: Buffer.from(anchorKey, 'base64'), format: 'der', type: 'spki' }))).toBe(true)
})

test('a pack within a pack, and a certificate of values within values, come to an end', async () => {
  const packed = gzipSync(gzipSync('fred@acme.example')).toString('latin1').replace(/[^\x20-\x5b\x5d-\x7e]/g, octet => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`)
  const { text } = await redacted(`page https://acme.example/\n  * 200 from 192.0.43.9 80 ms\n  | ${packed}\n`)
  const { cassette: { pages: [page] } } = parseCassette(text)
  const inner = unpackGzip(page && 'value' in page.outcome ? page.outcome.value.body : '', 10_000)
  expect([inner?.length, inner && unpackGzip(inner, 10_000)]).toEqual([gzipSync('fred@acme.example').length, null])

  let nested: Buffer = Buffer.from('fred@acme.example')
  for (let i = 0; i < 6000; i++) nested = writeDer(0x30, nested)
  const name = writeDer(0x30)
  const dated = writeDer(0x30, writeDer(0x17, Buffer.from('260101000000Z')), writeDer(0x17, Buffer.from('270101000000Z')))
  const algorithm = writeDer(0x30, writeDer(0x06, Buffer.from('2a864886f70d01010b', 'hex')))
  const extension = writeDer(0x30, writeDer(0x06, Buffer.from('551d20', 'hex')), writeDer(0x04, nested))
  const said = writeDer(0x30, writeDer(0xa0, writeDer(0x02, Uint8Array.of(2))), writeDer(0x02, Uint8Array.of(1)), algorithm, name, dated, name, writeDer(0x30), writeDer(0xa3, writeDer(0x30, extension)))
  const der = writeDer(0x30, said, algorithm, writeDer(0x03, Uint8Array.of(0, 1)))
  const held = contentName(der.toString('base64'))
  const deep = await redacted(`session mx.acme.example[46.4.7.9]:25 starttls\n  * connected 1\n  * tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed cert=${held}\n\ncertificate ${held}\n  ${der.toString('base64')}\n`)
  const [, made = ''] = /BEGIN CERTIFICATE-----\n([^-]*)/.exec(deep.text) ?? []
  expect(Buffer.from(made, 'base64').length).toBeGreaterThan(6000)
  expect(Buffer.from(made, 'base64').toString('latin1')).not.toContain('fred')
})

test.each([
  ...['a', '1.', 'a.', 'a:', '%{', 'a@', 'AAAA', '::', '-', 'https://', 'a.b@c', '\\\\x00', '<svg d="1', '>a', '-----BEGIN CERTIFICATE-----'].map(unit => ['', unit] as const),
  ['<svg >', 'a'], ['<clientConfig >', '<descr '], ['https://a/', 'a.'], ['https://a/', '1:'], ['https://a/?', 'x=http://a'], ['https://a/?', '%25'],
] as const)('hostile text of %j and many %j is read in linear time', async (before, unit) => {
  const long = before + unit.repeat(Math.ceil(400_000 / unit.length)) // what is quadratic takes minutes
  const { cassette } = parseCassette(`mailcheck cassette 1\nstart ${times}\nsession mx[192.0.2.1]:25 starttls\n  S: ${long}\npage https://a.example/\n  * 200 from 192.0.2.1 1 ms\n  | ${long}\n`)
  expect([cassette.sessions.length, cassette.pages.length]).toEqual([1, 1])
  await redact(cassette)
})
