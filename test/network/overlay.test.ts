import { describe, expect, test } from 'vitest'
import { outcome, type Answer, type Endpoint, type Network } from '../../src/network/network.ts'
import { overlay, type PlannedRecords, type PlannedSet } from '../../src/network/overlay.ts'
import { parseZone } from '../../src/syntax/zone.ts'
import type { RecordType } from '../../src/syntax/record.ts'
import { createWorld } from '../world.ts'

const zone = `
  ; secure example.com
  example.com SOA ns1.example.com h.example.com 1 7200 3600 1209600 3600
  example.com NS ns1.example.com
  example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  example.com A 192.0.2.80
  mx1.example.com A 192.0.2.25
  old._domainkey.example.com TXT "v=DKIM1; p=AAAA"
  www.example.com CNAME web.example.com
  web.example.com A 192.0.2.81
  shop.example.com CNAME host.provider.example
  *.wild.example.com TXT "wild"
  *.wild.example.com A 192.0.2.99
  real.wild.example.com A 192.0.2.99
  a.deep.example.com A 192.0.2.82
  ns1.example.com A 192.0.2.53
  provider.example SOA ns.provider.example h.provider.example 1 7200 3600 1209600 3600
  host.provider.example A 198.51.100.7
  mx.provider.example A 198.51.100.25
  ; at 192.0.2.1 delegates example.com ns1.example.com
  `

/** Zone lines with full names; `NAME TYPE (none)` removes, `(unknown)` is not known yet. */
function plan(text: string, complete: readonly string[] = []): PlannedRecords {
  const unknowns = [...text.matchAll(/^\s*(\S+) (\S+) \(unknown\)$/gm)].map(([, name = '', type = '']): PlannedSet => ({ name, type: type as RecordType, records: null }))
  const { records, special, errors } = parseZone(text.replace(/^.*\(unknown\)$/gm, '').replace(/^\s+/gm, ''))
  expect(errors).toEqual([])
  const keys = new Set([...records, ...special].map(({ name, type }) => `${name} ${type}`))
  return {
    sets: [...unknowns, ...[...keys].map((key): PlannedSet => {
      const [name = '', type = ''] = key.split(' ')
      return { name, type: type as RecordType, records: records.filter(record => record.name === name && record.type === type) }
    })],
    complete,
  }
}

async function over(text: string, complete: readonly string[] = [], live = zone): Promise<(question: string) => Promise<string>> {
  const network = overlay(await createWorld({ zone: live }), plan(text, complete))
  return async question => {
    const [name = '', type = '', at] = question.split(' ')
    const result = await outcome<Answer>(network.query({ name, type: type as RecordType, ...(at === undefined ? {} : { server: at.slice(1) }) }))
    if ('problem' in result) return `(${result.problem.reason})`
    const { rcode, records, aliases, secure, origin, authoritative } = result.value
    const said = [...aliases.map(alias => `-> ${alias.data.target}`), ...records.map(record => record.text)]
    return [said.length > 0 ? said.join(', ') : rcode === 'NXDOMAIN' ? 'nxdomain' : 'nodata', origin, secure ? 'secure' : '', at !== undefined && authoritative ? 'aa' : ''].filter(Boolean).join(' ')
  }
}

describe('overlay', () => {
  test('a planned RRset replaces the live one of the same name and type, and nothing else', async () => {
    const ask = await over('example.com MX 20 mx2.example.com\nmx2.example.com A 192.0.2.26')
    expect(await ask('example.com MX')).toBe('20 mx2.example.com. planned secure')
    expect(await ask('mx2.example.com A')).toBe('192.0.2.26 planned secure')
    expect(await ask('mx2.example.com AAAA')).toBe('nodata planned secure')
    expect(await ask('example.com TXT')).toBe('"v=spf1 mx -all" live secure')
    expect(await ask('host.provider.example A')).toBe('198.51.100.7 live')
  })

  test('a removed RRset is gone, and with the last one the name', async () => {
    const ask = await over('example.com A (none)\nold._domainkey.example.com TXT (none)\nabsent.example.com TXT (none)')
    expect(await ask('example.com A')).toBe('nodata planned secure')
    expect(await ask('old._domainkey.example.com TXT')).toBe('nxdomain planned secure')
    expect(await ask('old._domainkey.example.com A')).toBe('nodata live secure')
    expect(await ask('absent.example.com TXT')).toBe('nxdomain live secure')
    expect(await ask('absent.example.com A')).toBe('nxdomain live secure')
  })

  test('a denial carries the SOA of the zone', async () => {
    const network = overlay(await createWorld({ zone }), plan('example.com A (none)'))
    const { authority } = await network.query({ name: 'example.com', type: 'A' })
    expect(authority.map(({ name, type }) => `${name} ${type}`)).toEqual(['example.com SOA'])
  })

  test('a name above a planned record exists (RFC 4592 §2.2.2)', async () => {
    const ask = await over('a.b.new.example.com TXT "x"')
    expect(await ask('new.example.com A')).toBe('nodata planned secure')
    expect(await ask('b.new.example.com TXT')).toBe('nodata planned secure')
    expect(await ask('c.new.example.com TXT')).toBe('nxdomain live secure')
  })

  test('aliases: planned, removed, and live ones that lead into the plan', async () => {
    const ask = await over(`mail.example.com CNAME host.provider.example
      www.example.com CNAME (none)
      www.example.com A 192.0.2.90
      host.provider.example AAAA 2001:db8::7
      blog.example.com CNAME shop.example.com`)
    expect(await ask('mail.example.com A')).toBe('-> host.provider.example, 198.51.100.7 planned')
    expect(await ask('mail.example.com MX')).toBe('-> host.provider.example, nodata planned'.replace(', nodata', ''))
    expect(await ask('mail.example.com CNAME')).toBe('host.provider.example. planned secure')
    expect(await ask('www.example.com A')).toBe('192.0.2.90 planned secure')
    expect(await ask('www.example.com AAAA')).toBe('nodata planned secure')
    expect(await ask('shop.example.com AAAA')).toBe('-> host.provider.example, 2001:db8::7 planned')
    expect(await ask('shop.example.com A')).toBe('-> host.provider.example, 198.51.100.7 live')
    expect(await ask('blog.example.com A')).toBe('-> shop.example.com, -> host.provider.example, 198.51.100.7 planned')
  })

  test('aliases that lead in a circle end', async () => {
    const ask = await over('a.example.com CNAME b.example.com\nb.example.com CNAME a.example.com')
    expect(await ask('a.example.com A')).toBe('(dns-servfail)')
  })

  test('wildcards: planned, removed, and hidden by a planned name', async () => {
    const ask = await over(`*.new.example.com TXT "all"
      one.new.example.com A 192.0.2.1
      *.wild.example.com TXT (none)
      x.wild.example.com MX 10 mx1.example.com
      real.wild.example.com MX 10 mx1.example.com`)
    expect(await ask('two.new.example.com TXT')).toBe('"all" planned secure')
    expect(await ask('two.new.example.com A')).toBe('nodata planned secure')
    expect(await ask('one.new.example.com TXT')).toBe('nodata planned secure')
    expect(await ask('y.wild.example.com TXT')).toBe('nodata planned secure')
    expect(await ask('y.wild.example.com A')).toBe('192.0.2.99 live secure')
    expect(await ask('x.wild.example.com A')).toBe('nodata planned secure')
    expect(await ask('real.wild.example.com A')).toBe('192.0.2.99 live secure')
  })

  test('a name that loses its last record is answered by the wildcard above it', async () => {
    const ask = await over('real.wild.example.com A (none)')
    expect(await ask('real.wild.example.com A')).toBe('192.0.2.99 planned secure')
  })

  test('a complete zone holds what the plan holds, but for what signers and registrars add', async () => {
    const ask = await over('example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.25\nsub.example.com NS ns1.provider.example', ['example.com'])
    expect(await ask('example.com TXT')).toBe('nodata planned secure')
    expect(await ask('www.example.com A')).toBe('nxdomain planned secure')
    expect(await ask('example.com SOA')).toMatch(/^ns1\.example\.com\. .* live secure$/)
    expect(await ask('example.com NS')).toBe('ns1.example.com. live secure')
    expect(await ask('example.com DNSKEY')).toBe('nodata live secure')
    expect(await ask('example.com DS')).toBe('nodata live secure')
    expect(await ask('sub.example.com NS')).toBe('ns1.provider.example. planned')
    expect(await ask('x.sub.example.com A')).toBe('nxdomain live secure')
  })

  test('what is known only after the plan is applied cannot be told', async () => {
    const ask = await over('example.com MX (unknown)\nlater.example.com CNAME (unknown)')
    expect(await ask('example.com MX')).toBe('(planned)')
    expect(await ask('later.example.com A')).toBe('(planned)')
    expect(await ask('example.com TXT')).toBe('"v=spf1 mx -all" live secure')
  })

  test('security is that of the live zone, and of both ends of an alias', async () => {
    const ask = await over('_25._tcp.mx1.example.com TLSA 3 1 1 00\n_25._tcp.mx.provider.example TLSA 3 1 1 00\nin.provider.example CNAME mx1.example.com')
    expect(await ask('_25._tcp.mx1.example.com TLSA')).toBe('3 1 1 00 planned secure')
    expect(await ask('_25._tcp.mx.provider.example TLSA')).toBe('3 1 1 00 planned')
    expect(await ask('in.provider.example A')).toBe('-> mx1.example.com, 192.0.2.25 planned')
  })

  test('where the zone does not answer, or begins with the plan, it cannot be told', async () => {
    const bogus = await over('example.com TXT "v=spf1 -all"', [], `; bogus example.com\n${zone}`)
    expect(await bogus('example.com TXT')).toBe('(planned)')
    const begun = await over('sub.example.com NS ns1.provider.example\n_25._tcp.mx.sub.example.com TLSA 3 1 1 00\nmx.sub.example.com A 192.0.2.1')
    expect(await begun('_25._tcp.mx.sub.example.com TLSA')).toBe('(planned)')
    expect(await begun('mx.sub.example.com A')).toBe('192.0.2.1 planned')
    const rekeyed = await over('example.com DS (none)\n_25._tcp.mx1.example.com TLSA 3 1 1 00')
    expect(await rekeyed('_25._tcp.mx1.example.com TLSA')).toBe('(planned)')
  })

  test('the servers of the zone say what is planned; the zone above goes on referring', async () => {
    const ask = await over('example.com MX 20 mx2.example.com\nexample.com NS ns1.example.com\nexample.com NS ns9.example.com\nns9.example.com A 192.0.2.9', [], `${zone}\n; at 192.0.2.9 lame`)
    expect(await ask('example.com MX @192.0.2.53')).toBe('20 mx2.example.com. planned aa')
    expect(await ask('example.com TXT @192.0.2.53')).toBe('"v=spf1 mx -all" live aa')
    expect(await ask('example.com NS @192.0.2.1')).toBe('nodata live')
    expect(await ask('example.com SOA @192.0.2.9')).toBe('(planned)')
  })

  describe('what fails with a host or address that is new is planned, and no fault', () => {
    const live = `${zone}
      mx3.example.com A 192.0.2.27`
    const sessions = { 'mx2.example.com[192.0.2.26]:25': 'S: 220 mx2.example.com', 'mx1.example.com[192.0.2.25]:25': 'S: 220 mx1.example.com' }
    const reasons = async (network: Network, host: string, address: string): Promise<string> => {
      const endpoint: Endpoint = { host, address, port: 25, tls: 'starttls' }
      const opened = await outcome(network.connect(endpoint))
      if ('problem' in opened) return `connect ${opened.problem.event} ${opened.problem.reason}`
      await opened.value.readLine()
      const more = await outcome(opened.value.readLine())
      opened.value.close()
      return 'problem' in more ? `read ${more.problem.event} ${more.problem.reason}` : 'read'
    }

    test('sessions', async () => {
      const network = overlay(await createWorld({ zone: live, sessions }), plan(`mx2.example.com A 192.0.2.26
        example.com MX 10 mx1.example.com
        example.com MX 20 mx3.example.com
        example.com MX 30 mx2.example.com
        mx1.example.com A 192.0.2.25
        mx1.example.com A 192.0.2.28`))
      expect(await reasons(network, 'mx2.example.com', '192.0.2.26')).toBe('read unavailable planned')
      expect(await reasons(network, 'mx3.example.com', '192.0.2.27')).toBe('connect unavailable planned')
      expect(await reasons(network, 'mx1.example.com', '192.0.2.28')).toBe('connect unavailable planned')
      expect(await reasons(network, 'mx1.example.com', '192.0.2.25')).toBe('read closed connection-lost')
    })

    test('pages', async () => {
      const network = overlay(await createWorld({ zone: live }), plan('mta-sts.example.com A 192.0.2.80'))
      const reason = async (host: string, address: string) => {
        const page = await outcome(network.fetch(`https://${host}/`, { addresses: [address] }))
        return 'problem' in page ? page.problem.reason : page.value.status
      }
      expect(await reason('mta-sts.example.com', '192.0.2.80')).toBe('planned')
      expect(await reason('www.example.com', '192.0.2.81')).toBe('connection-lost')
    })
  })
})
