import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAutoconfig, formatAutoconfig, type AutoconfigServer } from '../../src/syntax/autoconfig.ts'
import { autodiscoverRequest, parseAutodiscover } from '../../src/syntax/autodiscover.ts'
import { escapeXml, parseXml } from '../../src/syntax/xml.ts'

const octetsOf = (text: string): string => Buffer.from(text).toString('latin1')

describe('XML', () => {
  test('is read into a tree', () => {
    expect(parseXml('<a x="1" xmlns="urn:y"><b> one <![CDATA[<two>]]></b><p:c xmlns:p="urn:p"/></a>')).toMatchObject({
      name: 'a', children: [{ name: 'b', text: 'one <two>', line: 1 }, { name: 'c', children: [] }],
    })
  })

  test.each([
    ['nothing', '', /document must contain a root|there is no element/],
    ['a page', '<html><body><p>hello</body></html>', /unexpected close tag/i],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /DOCTYPE/],
    ['an entity', '<a>&b;</a>', /undefined entity/i],
    ['another encoding', '<a>\xe9</a>', /UTF-8/],
    ['depth', '<a>'.repeat(100), /within one another/],
    ['breadth', `<a>${'<b/>'.repeat(5000)}</a>`, /more than 4000 elements/],
    ['size', `<a>${' '.repeat(70_000)}</a>`, /octets/],
  ])('says what is wrong with %s', (_, octets, words) => {
    expect(parseXml(octets)).toMatchObject({ problem: expect.stringMatching(words) as string })
  })

  test('never throws, and gives back what was escaped', () => {
    fc.assert(fc.property(fc.string(), text => {
      parseXml(octetsOf(text))
      parseXml(octetsOf(`<a>${text}`))
    }))
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }).filter(text => escapeXml(text) === text || !/[\u0000-\u001f\u007f-\u009f\ufffd]/.test(text)), text => {  
      fc.pre(!/\p{Cs}/u.test(text))
      expect(parseXml(octetsOf(`<a x="${escapeXml(text)}">${escapeXml(text)}</a>`))).toMatchObject({ text: text.trim(), attributes: new Map([['x', text]]) })
    }))
  })
})

const file = (servers: string, provider = '<domain>example.com</domain>'): string =>
  `<?xml version="1.0"?>\n<clientConfig version="1.1"><emailProvider id="example.com">${provider}${servers}</emailProvider></clientConfig>`
const server = (element: string, type: string, host: string, port: string, socketType: string): string =>
  `\n<${element} type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socketType}</socketType><username>%EMAILADDRESS%</username></${element}>`
const smtp = server('outgoingServer', 'smtp', 'mail.example.com', '465', 'SSL')

describe('autoconfig', () => {
  test('names domains and servers, best first', () => {
    const text = file(server('incomingServer', 'imap', 'IMAP.%EMAILDOMAIN%', ' 143 ', 'STARTTLS') + server('incomingServer', 'pop3', 'pop.example.com', '110', 'plain')
      + server('incomingServer', 'jmap', '', '', '') + smtp)
    expect(parseAutoconfig(text, 'example.com')).toEqual({
      domains: ['example.com'], others: ['jmap'], problems: [],
      servers: [
        { protocol: 'imap', host: 'imap.example.com', port: 143, mode: 'starttls' },
        { protocol: 'pop3', host: 'pop.example.com', port: 110, mode: 'plain' },
        { protocol: 'smtp', host: 'mail.example.com', port: 465, mode: 'implicit' },
      ],
    })
  })

  test.each([
    ['broken', file('<incomingServer>'), ['not-xml']],
    ['without provider', '<clientConfig/>', ['no-provider']],
    ['empty', file(''), ['no-incoming', 'no-outgoing']],
    ['for reading alone', file(server('incomingServer', 'imap', 'imap.example.com', '993', 'SSL')), ['no-outgoing']],
    ['for sending alone', file(smtp), ['no-incoming']],
    ['with odd values', file(server('incomingServer', 'imap', 'the server', '99999', 'on') + smtp), ['bad-hostname', 'bad-port', 'bad-socket-type']],
    ['with values that mean something to a program', file(server('incomingServer', 'imap', 'imap.example.com', '993', 'constructor') + smtp), ['bad-socket-type']],
    ['for a protocol that sends by itself', file(server('incomingServer', 'jmap', '', '', '')), []],
    ['for a host that differs by person', file(server('incomingServer', 'imap', '%EMAILLOCALPART%.example.com', '993', 'SSL') + smtp), []],
  ])('%s: what is wrong', (_, text, codes) => {
    expect(parseAutoconfig(text, 'example.com')?.problems.map(({ code }) => code)).toEqual(codes)
  })

  test('a page of another kind is none', () => {
    for (const page of ['', '<html><p></html>', '<html/>', '<policy/>', 'version: STSv1']) expect(parseAutoconfig(page, 'example.com'), page).toBeNull()
  })

  test('is read as it was written, and never throws', () => {
    const servers = fc.array(fc.record({
      protocol: fc.constantFrom('imap' as const, 'pop3' as const, 'smtp' as const), host: fc.constantFrom('mail.example.com', '192.0.2.1'),
      port: fc.integer({ min: 1, max: 65535 }), mode: fc.constantFrom('implicit' as const, 'starttls' as const, 'plain' as const),
      authentication: fc.array(fc.constantFrom('password-cleartext', 'OAuth2')),
    }))
    fc.assert(fc.property(servers, (list: AutoconfigServer[]) => {
      const read = parseAutoconfig(octetsOf(formatAutoconfig('example.com', list)), 'example.com')
      const ordered = [...list.filter(({ protocol }) => protocol !== 'smtp'), ...list.filter(({ protocol }) => protocol === 'smtp')]
      expect(read?.servers).toEqual(ordered.map(({ protocol, host, port, mode }) => ({ protocol, host, port, mode })))
      expect(read?.domains).toEqual(['example.com'])
    }))
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (host, port, type) => {
      parseAutoconfig(octetsOf(file(server('incomingServer', 'imap', escapeXml(host), escapeXml(port), escapeXml(type)))), 'example.com')
    }))
  })
})

const protocol = (...parts: string[]): string => `<Protocol>${parts.map(part => {
  const [name = '', value = ''] = part.split('=')
  return `<${name}>${value}</${name}>`
}).join('')}</Protocol>`
const response = (account: string): string => '<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
  + `<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">${account}</Response></Autodiscover>`

describe('autodiscover', () => {
  test.each([
    [['Type=IMAP', 'Server=Mail.example.com', 'Port=993', 'SSL=on'], 'imap mail.example.com:993 implicit'],
    [['Type=IMAP', 'Server=mail.example.com', 'Port=143', 'SSL=on'], 'imap mail.example.com:143 starttls'],
    [['Type=SMTP', 'Server=mail.example.com', 'Port=587', 'SSL=on', 'Encryption=TLS'], 'smtp mail.example.com:587 starttls'],
    [['Type=SMTP', 'Server=mail.example.com', 'Port=465', 'Encryption=SSL'], 'smtp mail.example.com:465 implicit'],
    [['Type=POP3', 'Server=mail.example.com', 'SSL=off'], 'pop3 mail.example.com:110 plain'],
    [['Type=POP3', 'Server=mail.example.com', 'Port=1100', 'Encryption=Auto'], 'pop3 mail.example.com:1100 implicit'],
    [['Type=POP3', 'Server=mail.example.com', 'Port=110', 'Encryption=None'], 'pop3 mail.example.com:110 plain'],
    [['Type=EXCH', 'Server=mail.example.com'], undefined],
    [['Type=constructor', 'Server=mail.example.com'], undefined],
    [['Type=__proto__', 'Server=mail.example.com'], undefined],
    [['Type=IMAP', 'Server=the server'], undefined],
    [['Type=IMAP', 'Server=mail.example.com', 'Port=none'], undefined],
  ])('reads %j', (parts, expected) => {
    const [read] = parseAutodiscover(response(`<Account><Action>settings</Action>${protocol(...parts)}</Account>`))?.servers ?? []
    expect(read && `${read.protocol} ${read.host}:${read.port} ${read.mode}`).toBe(expected)
  })

  test('reads redirects and errors', () => {
    expect(parseAutodiscover(response('<Account><Action>redirectUrl</Action><RedirectUrl>https://other.example.net/</RedirectUrl></Account>')))
      .toEqual({ servers: [], redirect: 'https://other.example.net/', error: null })
    expect(parseAutodiscover(response('<Error><ErrorCode>500</ErrorCode><Message>no such address</Message></Error>')))
      .toEqual({ servers: [], redirect: null, error: '500 no such address' })
    expect(parseAutodiscover('<html/>')).toBeNull()
  })

  test('asks for an address, escaped, and never throws', () => {
    expect(autodiscoverRequest('a&b@example.com')).toContain('<EMailAddress>a&amp;b@example.com</EMailAddress>')
    fc.assert(fc.property(fc.string(), text => {
      parseAutodiscover(octetsOf(response(`<Account>${text}`)))
      parseAutodiscover(octetsOf(text))
    }))
  })
})
