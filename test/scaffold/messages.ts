/**
 * Makes `fixtures/messages`: messages of every kind, what the DNS says about them, and what a receiver makes of each, as the
 * standards have it. `npx tsx test/scaffold/messages.ts` makes all of them anew, with new keys, whose private halves are not kept.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { message, relaxedBody, relaxedField, signature, signer, signOctets, type SignOptions } from '../evaluate/sign.ts'

interface Case {
  readonly about: string
  /** Above the signatures, newest first. */
  readonly top?: readonly string[]
  readonly fields?: readonly string[]
  readonly body?: string
  /** One signature each; [] for none. */
  readonly sign?: readonly SignOptions[]
  /** Fields that are put between the stamps and the signatures, such as ARC sets. */
  readonly sets?: readonly string[]
  readonly change?: (mail: string) => string
  readonly expect: { readonly spf?: string; readonly dkim?: readonly string[]; readonly arc?: string; readonly dmarc?: string }
}

const usual = ['From: Ann <ann@example.com>', 'To: bob@example.net', 'Subject: about  the game', 'Date: Mon, 23 Nov 2026 10:00:00 +0000', 'Message-ID: <1@example.com>']
const usualBody = 'Hello  Bob, \r\n\r\nsee you.\r\n'
const stamp = (ip: string, helo = 'mail.example.com', protocol = 'ESMTPS'): string =>
  `Received: from ${helo} (${helo} [${ip.includes(':') ? 'IPv6:' : ''}${ip}])\r\n\tby mx.example.net (Postfix) with ${protocol} id 4ABC\r\n\tfor <bob@example.net>; Mon, 23 Nov 2026 10:00:05 +0000`
const path = (address = 'ann@example.com'): string => `Return-Path: <${address}>`
const good = '11.25.1.7'
const bad = '11.25.1.8'
const top = (ip = good, address?: string): string[] => [path(address), stamp(ip)]

const dns: Record<string, object[]> = {}
const txt = (name: string, text: string): void => void (dns[name] = [...dns[name] ?? [], { TXT: text.length > 200 ? text.match(/.{1,200}/g) : text }])
const rsa = signer('rsa2048')
const p = /p=(.*)$/.exec(rsa.record)?.[1] ?? ''
txt('example.com', 'v=spf1 ip4:11.25.1.7 ip6:2e00:25::7 -all')
txt('_dmarc.example.com', 'v=DMARC1; p=reject')
txt('soft.example', 'v=spf1 ip4:11.25.1.7 ~all')
txt('_dmarc.soft.example', 'v=DMARC1; p=quarantine')
txt('strict.example', 'v=spf1 ip4:11.25.1.7 -all')
txt('_dmarc.strict.example', 'v=DMARC1; p=reject; aspf=s; adkim=s')
txt('mail.strict.example', 'v=spf1 ip4:11.25.1.7 -all')
txt('sub.example.com', 'v=spf1 ip4:11.25.1.7 -all')
txt('broken-spf.example', 'v=spf1 ip4:11.25.1.777 -all')
txt('_dmarc.broken-spf.example', 'v=DMARC1; p=none')
txt('two-policies.example', 'v=spf1 ip4:11.25.1.7 -all')
txt('_dmarc.two-policies.example', 'v=DMARC1; p=none')
txt('_dmarc.two-policies.example', 'v=DMARC1; p=reject')
txt('no-policy.example', 'v=spf1 ip4:11.25.1.7 -all')
txt('mail.example.com', 'v=spf1 ip4:11.25.1.7 -all')
dns['failing.example'] = ['TIMEOUT' as unknown as object]
txt('s1._domainkey.example.com', rsa.record)
txt('small._domainkey.example.com', signer('rsa1024').record)
txt('ed._domainkey.example.com', signer('ed25519').record)
txt('testing._domainkey.example.com', `v=DKIM1; t=y; p=${p}`)
txt('exact._domainkey.example.com', `v=DKIM1; t=s; p=${p}`)
txt('revoked._domainkey.example.com', 'v=DKIM1; p=')
txt('cut._domainkey.example.com', `v=DKIM1; p=${p.slice(0, 120)}`)
txt('version._domainkey.example.com', `v=DKIM2; p=${p}`)
txt('sha1._domainkey.example.com', `v=DKIM1; h=sha1; p=${p}`)
txt('other-use._domainkey.example.com', `v=DKIM1; s=tlsrpt; p=${p}`)
txt('bare._domainkey.example.com', `p=${p}`)
txt('both._domainkey.example.com', signer('rsa1024').record)
txt('both._domainkey.example.com', rsa.record)
txt('s1._domainkey.sub.example.com', rsa.record)
txt('s1._domainkey.strict.example', rsa.record)
txt('s1._domainkey.mail.strict.example', rsa.record)
txt('s1._domainkey.esp.example', rsa.record)
for (const domain of ['one.example', 'two.example', 'three.example']) txt(`arc._domainkey.${domain}`, rsa.record)
dns['slow._domainkey.example.com'] = ['TIMEOUT' as unknown as object]

const pass = { spf: 'pass', dkim: ['pass'], arc: 'none', dmarc: 'pass' }
const changed = (about: string, form: string, change: (mail: string) => string, dkim: string): Case =>
  ({ about, sign: [{ form }], change, expect: { ...pass, dkim: [dkim] } })
const keyed = (about: string, selector: string, dkim: string, more: SignOptions = {}): Case => ({ about, sign: [{ selector, ...more }], expect: { ...pass, dkim: [dkim] } })
const sent = (about: string, ip: string, address: string, spf: string, dmarc: string, from = 'example.com'): Case =>
  ({ about, top: top(ip, address), fields: [`From: ann@${from}`, ...usual.slice(1)], sign: [], expect: { spf, dkim: [], dmarc } })
const shaped = (about: string, body: string, change?: (mail: string) => string, expect: Case['expect'] = pass): Case => ({ about, body, ...change ? { change } : {}, expect })
const headed = (about: string, from: readonly string[], dmarc: string, dkim: readonly string[] = ['pass']): Case =>
  ({ about, fields: [...from, ...usual.slice(1)], expect: { ...pass, dkim, dmarc } })

function chain(domains: readonly string[], { cv = [] as readonly string[], body = usualBody } = {}): string[] {
  let sets: string[][] = []
  for (const [at, domain] of domains.entries()) {
    const i = at + 1
    const status = cv[at] ?? (i === 1 ? 'none' : 'pass')
    const results = `ARC-Authentication-Results: i=${i}; mx.${domain}; spf=pass smtp.mailfrom=example.com; dkim=pass header.d=example.com; arc=${status}`
    const bh = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64')
    const own = `ARC-Message-Signature: i=${i}; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=arc;\r\n\th=from:to:subject; bh=${bh}; b=`
    const signed = usual.slice(0, 3).map(field => `${relaxedField(field)}\r\n`).join('')
    const ams = `${own}${signOctets(rsa, `${signed}${relaxedField(own)}`)}`
    const seal = `ARC-Seal: i=${i}; a=rsa-sha256; d=${domain}; s=arc; cv=${status}; t=1795000000; b=`
    const octets = [...sets.flat(), results, ams].map(field => `${relaxedField(field)}\r\n`).join('')
    sets = [...sets, [results, ams, `${seal}${signOctets(rsa, `${octets}${relaxedField(seal)}`)}`]]
  }
  return sets.toReversed().flatMap(set => set.toReversed())
}
const arc = (about: string, sets: readonly string[], expected: string, change?: (mail: string) => string): Case =>
  ({ about, sets, sign: [], ...change ? { change } : {}, expect: { ...pass, dkim: [], arc: expected } })

const cases: Readonly<Record<string, Case>> = {
  'plain': { about: 'in order: SPF, DKIM and DMARC', expect: pass },
  'unsigned': { about: 'SPF alone', sign: [], expect: { ...pass, dkim: [] } },
  'simple-simple': { about: 'simple forms', sign: [{ form: 'simple/simple' }], expect: pass },
  'simple-relaxed': { about: 'simple header, relaxed body', sign: [{ form: 'simple/relaxed' }], expect: pass },
  'relaxed-simple': { about: 'relaxed header, simple body', sign: [{ form: 'relaxed/simple' }], expect: pass },
  'relaxed-alone': { about: 'c=relaxed means a simple body', sign: [{ form: 'relaxed' }], expect: pass },
  'relaxed-refolded': changed('a relaxed field is folded anew', 'relaxed/relaxed', mail => mail.replace('about  the game', 'about the\r\n game'), 'pass'),
  'simple-refolded': changed('a simple field is folded anew', 'simple/simple', mail => mail.replace('about  the game', 'about the\r\n game'), 'fail'),
  'relaxed-body-spaces': changed('white space of a relaxed body', 'relaxed/relaxed', mail => mail.replace('Hello  Bob, ', 'Hello\tBob,'), 'pass'),
  'simple-body-spaces': changed('white space of a simple body', 'relaxed/simple', mail => mail.replace('Hello  Bob, ', 'Hello Bob,'), 'fail'),
  'lines-appended': changed('empty lines at the end', 'simple/simple', mail => `${mail}\r\n\r\n`, 'pass'),
  'body-changed': changed('another word in the body', 'relaxed/relaxed', mail => mail.replace('see you', 'buy now'), 'fail'),
  'subject-changed': changed('another subject', 'relaxed/relaxed', mail => mail.replace('the game', 'money'), 'fail'),
  'field-added': changed('a field that is not signed', 'simple/simple', mail => `X-Spam-Score: 0\r\n${mail}`, 'pass'),
  'signature-changed': changed('one character of the signature', 'relaxed/relaxed', mail => mail.replace(/b=(.)([^;]*)$/m, (_, first: string, rest: string) => `b=${first === 'A' ? 'B' : 'A'}${rest}`), 'fail'),
  'ed25519': keyed('ed25519', 'ed', 'pass', { signer: signer('ed25519') }),
  'rsa1024': keyed('an RSA key of 1024 bits', 'small', 'pass', { signer: signer('rsa1024') }),
  'key-bare': keyed('a key record of p= alone', 'bare', 'pass'),
  'key-testing': keyed('a key that is being tested (t=y)', 'testing', 'pass'),
  'key-two-records': keyed('two key records, one of them right', 'both', 'pass'),
  'key-absent': keyed('no key', 'absent', 'permerror'),
  'key-timeout': keyed('a key that is not answered', 'slow', 'temperror'),
  'key-revoked': keyed('a revoked key', 'revoked', 'permerror'),
  'key-cut': keyed('a key that was cut off', 'cut', 'permerror'),
  'key-version': keyed('a key of another version', 'version', 'permerror'),
  'key-sha1': keyed('a key for SHA-1', 'sha1', 'permerror'),
  'key-other-use': keyed('a key that is not for mail', 'other-use', 'permerror'),
  'key-other-type': keyed('a key of another type', 'ed', 'permerror'),
  'key-other': keyed('somebody else’s key', 'small', 'fail'),
  'identity-below': keyed('an identity below the domain, which t=s forbids', 'exact', 'permerror', { tags: ' i=ann@news.example.com;' }),
  'identity-exact': keyed('an identity at the domain', 'exact', 'pass', { tags: ' i=ann@example.com;' }),
  'identity-outside': keyed('an identity of somebody else', 's1', 'permerror', { tags: ' i=ann@example.org;' }),
  'length-all': keyed('l= of the whole body', 's1', 'pass', { form: 'relaxed/simple', length: usualBody.length }),
  'length-part': keyed('l= of a part of the body', 's1', 'pass', { form: 'relaxed/simple', length: 5 }),
  'length-none': keyed('l=0', 's1', 'pass', { form: 'relaxed/simple', length: 0 }),
  'length-appended': { about: 'something behind what l= signs', sign: [{ form: 'relaxed/simple', length: usualBody.length }], change: mail => `${mail}Buy now\r\n`, expect: pass },
  'length-too-long': { about: 'l= beyond the body', sign: [{ form: 'relaxed/simple', length: usualBody.length }], change: mail => mail.replace('see you.\r\n', ''), expect: { ...pass, dkim: ['fail'] } },
  'expired': keyed('x= is past', 's1', 'fail', { tags: ' t=1700000000; x=1700086400;' }),
  'not-expired': keyed('x= is to come', 's1', 'pass', { tags: ' t=1790000000; x=1990000000;' }),
  'expires-before': keyed('x= before t=', 's1', 'neutral', { tags: ' t=1790000000; x=1780000000;' }),
  'oversigned': keyed('From is signed twice, so that none can be added', 's1', 'pass', { headers: ['from', 'from', 'to', 'subject'] }),
  'oversigned-added': { about: 'a From is added to one that is signed twice', sign: [{ headers: ['from', 'from', 'to', 'subject'] }], change: mail => mail.replace('\r\nTo:', '\r\nFrom: eve@example.com\r\nTo:'), expect: { ...pass, dkim: ['fail'] } },
  'all-signed': keyed('fields that are not there are signed too', 's1', 'pass', { headers: ['from', 'to', 'cc', 'subject', 'reply-to', 'date', 'message-id'] }),
  'two-signatures': { about: 'RSA and ed25519', sign: [{}, { selector: 'ed', signer: signer('ed25519') }], expect: { ...pass, dkim: ['pass', 'pass'] } },
  'two-signers': { about: 'the domain and its provider', sign: [{}, { domain: 'esp.example' }], expect: { ...pass, dkim: ['pass', 'pass'] } },
  'provider-alone': { about: 'only the provider signs and sends', top: top(good, 'bounce@esp.example'), sign: [{ domain: 'esp.example' }], expect: { spf: 'none', dkim: ['pass'], dmarc: 'fail' } },
  'one-broken': { about: 'one signature holds, one does not', sign: [{}, { selector: 'small' }], expect: { ...pass, dkim: ['pass', 'fail'] } },
  'no-version': changed('no v', 'relaxed/relaxed', mail => mail.replace('v=1; ', ''), 'permerror'),
  'other-version': changed('v=2', 'relaxed/relaxed', mail => mail.replace('v=1', 'v=2'), 'neutral'),
  'no-body-hash': changed('no bh', 'relaxed/relaxed', mail => mail.replace(/ bh=[^;]*;/, ''), 'permerror'),
  'no-selector': changed('no s', 'relaxed/relaxed', mail => mail.replace(' s=s1;', ''), 'permerror'),
  'duplicate-tag': changed('a tag twice', 'relaxed/relaxed', mail => mail.replace(' s=s1;', ' s=s1; s=s1;'), 'neutral'),
  'bad-base64': changed('b is no base64', 'relaxed/relaxed', mail => mail.replace(/; b=./, '; b=!'), 'neutral'),
  'sha1-signature': changed('a=rsa-sha1', 'relaxed/relaxed', mail => mail.replace('rsa-sha256', 'rsa-sha1'), 'policy'),
  'unknown-algorithm': changed('an algorithm that nobody knows', 'relaxed/relaxed', mail => mail.replace('rsa-sha256', 'dsa-sha256'), 'neutral'),
  'unknown-form': changed('a form that nobody knows', 'relaxed/relaxed', mail => mail.replace('c=relaxed/relaxed', 'c=nofws'), 'neutral'),
  'from-not-signed': keyed('From is not signed', 's1', 'permerror', { headers: ['to', 'subject'] }),
  'garbage-signature': { about: 'a signature field of nonsense', sign: [], sets: ['DKIM-Signature: \x01\x02;;;=;b='], expect: { ...pass, dkim: ['neutral'] } },
  'empty-body': shaped('no body', ''),
  'one-line-end': shaped('a body of one empty line', '\r\n'),
  'no-last-line-end': shaped('no line end at the end', 'Hello'),
  'nul-octets': shaped('NUL octets in the body', 'a\0b\r\n\0\0\r\n'),
  'eight-bit': shaped('octets above 127', 'caf\xc3\xa9 \xff\xfe\r\n'),
  'bare-line-ends': shaped('CR and LF by themselves', 'a\rb\nc\r\n'),
  'long-lines': shaped('lines of 2,000 octets', `${'x'.repeat(2000)}\r\n${'y'.repeat(2000)}\r\n`),
  'dots': shaped('lines of dots', '.\r\n..\r\nend\r\n'),
  'unix-lines': { about: 'the line ends of Unix', change: mail => mail.replaceAll('\r\n', '\n'), expect: pass },
  'mbox-line': { about: 'the first line of a mailbox file', change: mail => `From ann@example.com Mon Nov 23 10:00:00 2026\r\n${mail}`, expect: pass },
  'multipart-broken': shaped('a multipart without its end', '--x\r\nContent-Type: text/plain; charset="nothing\r\n\r\nHi\r\n--x\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!\r\n'),
  'no-from': headed('no From', [], 'permerror', ['pass']),
  'two-froms': headed('two From fields of two domains', ['From: ann@example.com', 'From: eve@example.org'], 'permerror'),
  'two-authors': headed('two authors of one domain', ['From: ann@example.com, bob@example.com'], 'pass'),
  'from-quoted': headed('an address in the name', ['From: "eve@example.org" <ann@example.com>'], 'pass'),
  'from-encoded': headed('an encoded name', ['From: =?utf-8?q?Ann_M=C3=BCller?= <ann@example.com>'], 'pass'),
  'from-without-domain': headed('an author without domain', ['From: Ann'], 'permerror'),
  'spf-fail': sent('SPF fails', bad, 'ann@example.com', 'fail', 'fail'),
  'spf-softfail': sent('SPF softly fails', bad, 'ann@soft.example', 'softfail', 'fail', 'soft.example'),
  'spf-none': sent('no SPF', good, 'ann@esp.example', 'none', 'fail'),
  'spf-permerror': sent('an SPF record that cannot be read', good, 'ann@broken-spf.example', 'permerror', 'fail', 'broken-spf.example'),
  'spf-temperror': sent('SPF is not answered', good, 'ann@failing.example', 'temperror', 'fail'),
  'spf-ipv6': sent('over IPv6', '2e00:25::7', 'ann@example.com', 'pass', 'pass'),
  'spf-bounce': { about: 'the null sender: HELO counts', top: top(good, ''), sign: [], expect: { spf: 'pass', dkim: [], dmarc: 'pass' } },
  'spf-subdomain': sent('an aligned subdomain', good, 'bounce@sub.example.com', 'pass', 'pass'),
  'spf-inner-hop': { about: 'the hop inside the receiver’s network does not count', top: [path(), 'Received: from mx.example.net (localhost [127.0.0.1]) by store.example.net with LMTP id 1; Mon, 23 Nov 2026 10:00:06 +0000', stamp(good)], sign: [], expect: { ...pass, dkim: [] } },
  'no-stamps': { about: 'nobody says who sent it', top: [], expect: { ...pass, spf: 'none' } },
  'dmarc-strict': { about: 'strict alignment, and a subdomain that signs and sends', top: top(good, 'ann@mail.strict.example'), fields: ['From: ann@strict.example', ...usual.slice(1)], sign: [{ domain: 'mail.strict.example' }], expect: { spf: 'pass', dkim: ['pass'], dmarc: 'fail' } },
  'dmarc-strict-exact': { about: 'strict alignment, exactly', top: top(bad, 'ann@mail.strict.example'), fields: ['From: ann@strict.example', ...usual.slice(1)], sign: [{ domain: 'strict.example' }], expect: { spf: 'fail', dkim: ['pass'], dmarc: 'pass' } },
  'dmarc-none': sent('no policy', good, 'ann@no-policy.example', 'pass', 'none', 'no-policy.example'),
  'dmarc-two': sent('two policies', good, 'ann@two-policies.example', 'pass', 'none', 'two-policies.example'),
  'dmarc-dkim-subdomain': { about: 'a subdomain signs', top: top(bad), sign: [{ domain: 'sub.example.com' }], expect: { spf: 'fail', dkim: ['pass'], dmarc: 'pass' } },
  'arc-one': arc('one ARC set', chain(['one.example']), 'pass'),
  'arc-three': arc('three ARC sets', chain(['one.example', 'two.example', 'three.example']), 'pass'),
  'arc-cv-fail': arc('the last sealer found it broken', chain(['one.example', 'two.example'], { cv: ['none', 'fail'] }), 'fail'),
  'arc-cv-first': arc('the first set says pass', chain(['one.example'], { cv: ['pass'] }), 'fail'),
  'arc-results-changed': arc('sealed results were changed', chain(['one.example', 'two.example']), 'fail', mail => mail.replace('i=1; mx.one.example; spf=pass', 'i=1; mx.one.example; spf=fail')),
  'arc-body-changed': arc('the body was changed after the last set', chain(['one.example']), 'fail', mail => mail.replace('see you', 'buy now')),
  'arc-set-missing': arc('a set is missing', chain(['one.example', 'two.example', 'three.example']).filter(field => !/ i=2;/.test(field)), 'fail'),
  'arc-no-key': arc('a sealer without key', chain(['four.example']), 'fail'),
  'many-signatures': { about: 'a thousand signatures', sign: [], sets: Array.from({ length: 1000 }, () => 'DKIM-Signature: v=1'), expect: { ...pass, dkim: Array.from({ length: 40 }, () => 'permerror') } },
}

const folder = fileURLToPath(new URL('../../fixtures/messages/', import.meta.url))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const expected: Record<string, object> = {}
for (const [name, { about, top: stamps = top(), fields = usual, body = usualBody, sign = [{}], sets = [], change, expect }] of Object.entries(cases)) {
  const signatures = sign.map(options => signature(fields, body, options))
  const made = message([...stamps, ...sets, ...signatures, ...fields], body).toString('latin1')
  writeFileSync(`${folder}${name}.eml`, Buffer.from(change ? change(made) : made, 'latin1'))
  expected[name] = { about, spf: expect.spf ?? 'none', dkim: expect.dkim ?? [], arc: expect.arc ?? 'none', dmarc: expect.dmarc ?? 'none' }
}
writeFileSync(`${folder}dns.yaml`, stringify(dns, { lineWidth: 140 }))
writeFileSync(`${folder}expected.yaml`, stringify({ now: '2026-11-23T12:00:00Z', messages: expected }, { lineWidth: 140, flowCollectionPadding: false }))
