/** What redaction keeps and what it renames, on a recording of a few lines; test/network/recording.test.ts does all the worlds. */
import { beforeAll, describe, expect, test } from 'vitest'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { redact } from '../../src/network/redact/redact.ts'
import { specialPurposeBlock } from '../../src/syntax/special-purpose.ts'

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
      `mx1.${name}[`, 'content-type: text/xml', 'v=DKIM1; p=AAAA', '.customers.', 'PTR static-',
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

test.each(['a', '1.', 'a.', 'a:', '%{', 'a@', 'AAAA', '::', '-', 'https://', 'a.b@c', '\\\\x00', '<svg d="1', '>a'])('hostile text of %j is read in linear time', async unit => {
  const long = unit.repeat(Math.ceil(200_000 / unit.length))
  const { cassette } = parseCassette(`mailcheck cassette 1\nstart 2026-11-22T10:00:00.000Z\nsession mx[192.0.2.1]:25 starttls\n  S: ${long}\npage https://a.example/\n  * 200 from 192.0.2.1 1 ms\n  | ${long}\n`)
  await redact(cassette)
})
