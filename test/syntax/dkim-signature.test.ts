import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDkimSignature } from '../../src/syntax/dkim-signature.ts'
import { formatTags } from '../../src/syntax/tags.ts'

// RFC 6376 appendix A.2.
const brisbane = [
  'DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;', '      c=simple/simple; q=dns/txt; i=joe@football.example.com;',
  '      h=Received : From : To : Subject : Date : Message-ID;', '      bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
  '      b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB', '      4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut',
  '      KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV', '      4bmp/YzhwvcubU4=;',
].join('\r\n')
// RFC 8463 appendix A.3.
const football = [
  'v=1; a=ed25519-sha256; c=relaxed/relaxed;', ' d=football.example.com; i=@football.example.com;', ' q=dns/txt; s=brisbane; t=1528637909; h=from : to :',
  ' subject : date : message-id : from : subject : date;', ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;',
  ' b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus', ' Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
].join('\r\n')

test('the signatures of RFC 6376 and RFC 8463', () => {
  expect(parseDkimSignature(brisbane)).toMatchObject({
    algorithm: 'rsa-sha256', domain: 'example.com', selector: 'brisbane', identity: 'joe@football.example.com', headerForm: 'simple', bodyForm: 'simple',
    headers: ['received', 'from', 'to', 'subject', 'date', 'message-id'], bodyHash: '2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=',
    bodyLength: null, signedAt: null, expiresAt: null, problems: [], valid: true,
  })
  expect(parseDkimSignature(football)).toMatchObject({
    algorithm: 'ed25519-sha256', headerForm: 'relaxed', bodyForm: 'relaxed', signedAt: 1528637909, identity: '@football.example.com', problems: [], valid: true,
    signature: '/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==',
  })
})

test('the example of RFC 6376 §3.5, whose signature is only a placeholder', () => {
  const text = 'v=1; a=rsa-sha256; d=example.net; s=brisbane; c=simple; q=dns/txt; i=@eng.example.net; t=1117574938; x=1118006938;\r\n' +
    ' h=from:to:subject:date; z=From:foo@eng.example.net|To:joe@example.com|\r\n  Subject:demo=20run|Date:July=205,=202005=203:44:08=20PM=20-0700;\r\n' +
    ' bh=MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=; b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZ\r\n VoG4ZHRNiYzR'
  expect(parseDkimSignature(text).problems).toEqual([{ code: 'short-signature', tag: 'b', at: text.indexOf(' b=') + 3 }])
})

const digest = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI='
const good = { v: '1', a: 'rsa-sha256', d: 'example.com', s: 's1', h: 'from:to', bh: digest, b: Buffer.alloc(256, 7).toString('base64') }

/** Codes and tags of the good signature with tags changed, added or (undefined) left out. */
function changed(tags: Readonly<Record<string, string | undefined>>): unknown[] {
  const all: Readonly<Record<string, string | undefined>> = { ...good, ...tags }
  const list = Object.entries(all).flatMap(([name, value]) => value === undefined ? [] : [{ name, value }])
  const text = formatTags(list)
  return parseDkimSignature(text).problems.map(({ code, tag, at }) => {
    expect(at).toBeLessThanOrEqual(text.length)
    return `${tag} ${code}`
  })
}

test.each([
  [{}, []],
  [{ v: undefined }, ['v missing-tag']], [{ v: '2' }, ['v bad-version']], [{ v: '' }, ['v empty-value']],
  [{ a: undefined }, ['a missing-tag']], [{ a: 'rsa-sha1' }, ['a obsolete-algorithm']], [{ a: 'rsa-md5' }, ['a unknown-algorithm']], [{ a: 'RSA-SHA256' }, []],
  [{ b: undefined }, ['b missing-tag']], [{ b: '' }, ['b empty-value']], [{ b: 'A?==' }, ['b not-base64']], [{ b: 'AAAAA' }, ['b not-base64']],
  [{ b: Buffer.alloc(127).toString('base64') }, ['b short-signature']], [{ b: Buffer.alloc(128).toString('base64') }, []],
  [{ a: 'ed25519-sha256' }, ['b wrong-length']],
  [{ bh: undefined }, ['bh missing-tag']], [{ bh: 'AAAA' }, ['bh wrong-length']], [{ bh: `${digest}=` }, ['bh not-base64']],
  [{ c: 'relaxed' }, []], [{ c: 'Relaxed/Simple' }, []], [{ c: 'nofws' }, ['c unknown-canonicalization']], [{ c: 'relaxed/' }, ['c unknown-canonicalization']], [{ c: '' }, ['c empty-value']],
  [{ d: undefined }, ['d missing-tag']], [{ d: 'com' }, ['d bad-domain']], [{ d: 'exa mple.com' }, ['d bad-domain']], [{ d: 'example.com.' }, ['d bad-domain']],
  [{ d: 'b\xc3\xbccher.example' }, []], [{ d: 'a\0.example' }, ['d bad-domain', 'd bad-character']],
  [{ s: undefined }, ['s missing-tag']], [{ s: 'a.b_c' }, []], [{ s: 'a..b' }, ['s bad-selector']], [{ s: '-' }, ['s bad-selector']],
  [{ h: undefined }, ['h missing-tag']], [{ h: '' }, ['h empty-value']], [{ h: 'to:subject' }, ['h from-not-signed']], [{ h: 'FROM' }, []],
  [{ h: 'from:' }, ['h bad-header-name']], [{ h: 'from:a b' }, ['h bad-header-name']],
  [{ i: '@example.com' }, []], [{ i: 'a@mail.Example.com' }, []], [{ i: 'a@notexample.com' }, ['i identity-outside']], [{ i: 'a@com' }, ['i bad-identity']], [{ i: 'example.com' }, ['i bad-identity']],
  [{ l: '0' }, ['l body-length']], [{ l: '-1' }, ['l bad-number']], [{ l: '9'.repeat(77) }, ['l bad-number']],
  [{ q: 'dns/txt' }, []], [{ q: 'x/y : DNS/TXT' }, []], [{ q: 'dns' }, ['q unknown-query']],
  [{ t: '1', x: '2' }, []], [{ t: '2', x: '2' }, ['x expires-before-signed']], [{ x: '1' }, []], [{ t: 'now' }, ['t bad-number']], [{ x: '1.5' }, ['x bad-number']],
  [{ z: '' }, ['z empty-value']], [{ y: '1' }, ['y unknown-tag']], [{ n: 'caf\xe9' }, ['n unknown-tag', 'n bad-character']],
])('%j', (tags, expected) => expect(changed(tags)).toEqual(expected))

test.each([
  ['v=1;\n a=rsa-sha1', 'bad-folding', false],
  ['v=1;\r\n a=rsa-sha1', 'bad-folding', false],
  ['v=1;\na=rsa-sha1', 'bad-folding', true],
  ['v=1;\r a=rsa-sha1', 'bad-folding', true],
  ['v=1; v=1', 'duplicate-tag', true],
  ['v=1; junk', 'malformed-tag', true],
  ['v=1;;', 'empty-tag', true],
])('%j: %s %s', (text, code, expected) => {
  expect(parseDkimSignature(text).problems.some(problem => problem.code === code)).toBe(expected)
  expect(parseDkimSignature(text).valid).toBe(false)
})

test('what is too long is not read', () => {
  expect(parseDkimSignature('x'.repeat(70_000))).toMatchObject({ problems: [{ code: 'too-long', at: 0 }], valid: false })
})

test('notes leave it valid', () => {
  const text = formatTags(Object.entries({ ...good, l: '10', y: '1' }).map(([name, value]) => ({ name, value })))
  expect(parseDkimSignature(`${text};;`)).toMatchObject({ valid: true, bodyLength: 10 })
})

test('any octets: no exception, and every position lies in the text', () => {
  const piece = fc.oneof(fc.constantFrom('DKIM-Signature:', 'v=1', ';', 'd=a.example', 'i=@', 'h=from:', 'b=', 'bh=', 'c=', 'x=1', '\r\n', ' ', digest), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), text => {
    for (const { at } of parseDkimSignature(text).problems) expect(at).toBeLessThanOrEqual(text.length)
  }))
})
