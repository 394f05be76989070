import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessage } from '../../src/commands/read-message.ts'
import { verifyDkim, type SignatureVerdict } from '../../src/evaluate/dkim-verify.ts'
import { drive } from '../../src/probes/drive.ts'
import { BodyDigest } from '../../src/syntax/dkim-canonical.ts'
import { createWorld } from '../world.ts'
import { message, relaxedBody, signature, signer, simpleBody, type SignOptions } from './sign.ts'

const now = new Date('2026-11-23T10:00:00Z')
const rsa = signer('rsa2048')
const usualZone = `s1._domainkey.example.com TXT ${quoted(rsa.record)}`

function quoted(text: string): string {
  return (text.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')
}

async function verify(mail: Buffer, zone = usualZone, at = now): Promise<SignatureVerdict[]> {
  const { message: { fields }, digests } = await readMessage([mail])
  return drive(verifyDkim(fields, digests, at), await createWorld({ zone }))
}

const fields = ['From: Ann <ann@example.com>', 'To: bob@example.net', 'Subject: about  the\r\n\tgame']
const body = 'Hello  Bob, \r\n\r\nsee you. \r\n\r\n\r\n'
const signed = (options: SignOptions = {}): Buffer => message([signature(fields, body, options), ...fields], body)
const outcome = (verdicts: readonly SignatureVerdict[]): unknown => verdicts.map(({ result, code }) => (code === null ? result : `${result} ${code}`))

test('RFC 8463 A: both signatures of the example', async () => {
  const mail = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
`
  const zone = `brisbane._domainkey.football.example.com TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    test._domainkey.football.example.com TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"`
  expect(outcome(await verify(Buffer.from(mail.replaceAll('\n', '\r\n')), zone))).toEqual(['pass', 'pass'])
  // The same from a file with the line ends of Unix.
  expect(outcome(await verify(Buffer.from(mail), zone))).toEqual(['pass', 'pass'])
  expect(outcome(await verify(Buffer.from(mail.replace('dinner', 'supper')), zone))).toEqual(['fail bad-signature', 'fail bad-signature'])
  expect(outcome(await verify(Buffer.from(mail.replace('hungry', 'thirsty')), zone))).toEqual(['fail body-changed', 'fail body-changed'])
})

describe('what may change on the way', () => {
  const changed: readonly [name: string, form: string, change: (mail: string) => string, expected: string][] = [
    ['white space in a relaxed field', 'relaxed/simple', mail => mail.replace('about  the\r\n\tgame', 'about the game'), 'pass'],
    ['white space in a simple field', 'simple/simple', mail => mail.replace('about  the', 'about the'), 'fail bad-signature'],
    ['the case of a relaxed name', 'relaxed/simple', mail => mail.replace('\r\nSubject:', '\r\nSUBJECT:'), 'pass'],
    ['the case of a simple name', 'simple/simple', mail => mail.replace('\r\nSubject:', '\r\nSUBJECT:'), 'fail bad-signature'],
    ['white space in a relaxed body', 'simple/relaxed', mail => mail.replace('Hello  Bob, ', 'Hello\tBob,'), 'pass'],
    ['white space in a simple body', 'simple/simple', mail => mail.replace('Hello  Bob, ', 'Hello Bob,'), 'fail body-changed'],
    ['empty lines at the end', 'simple/simple', mail => `${mail}\r\n\r\n`, 'pass'],
    ['a field that is not signed', 'simple/simple', mail => `X-Spam: no\r\n${mail}`, 'pass'],
    ['a second From above', 'simple/simple', mail => `From: eve@example.org\r\n${mail}`, 'pass'],
    ['a second From below', 'simple/simple', mail => mail.replace('\r\nTo:', '\r\nFrom: eve@example.org\r\nTo:'), 'fail bad-signature'],
  ]
  test.each(changed)('%s', async (_, form, change, expected) => {
    const mail = change(signed({ form }).toString('latin1'))
    expect(outcome(await verify(Buffer.from(mail, 'latin1')))).toEqual([expected])
  })

  test('what is signed once more than it is there may not be added', async () => {
    const mail = signed({ headers: ['from', 'from', 'subject'] }).toString('latin1')
    expect(outcome(await verify(Buffer.from(mail, 'latin1')))).toEqual(['pass'])
    expect(outcome(await verify(Buffer.from(`From: eve@example.org\r\n${mail}`, 'latin1')))).toEqual(['fail bad-signature'])
  })

  test('what l leaves unsigned', async () => {
    const mail = signed({ form: 'relaxed/simple', length: 10 }).toString('latin1')
    const [verdict] = await verify(Buffer.from(`${mail}And visit evil.example\r\n`, 'latin1'))
    expect(verdict).toMatchObject({ result: 'pass', unsignedOctets: simpleBody(`${body}And visit evil.example\r\n`).length - 10 })
    const [short] = await verify(Buffer.from(mail.slice(0, mail.indexOf('Hello')), 'latin1'))
    expect(short).toMatchObject({ result: 'fail', code: 'body-changed', why: 'it signs 10 octets of body, and there are 2' })
  })
})

describe('keys', () => {
  const zone = (record: string): string => `s1._domainkey.example.com TXT ${quoted(record)}`
  const p = /p=(.*)$/.exec(rsa.record)?.[1] ?? ''
  const cases: readonly [name: string, zone: string, expected: string][] = [
    ['absent', 'example.com A 192.0.2.1', 'permerror no-key'],
    ['not answered', 's1._domainkey.example.com TXT (servfail)', 'temperror key-lookup'],
    ['revoked', zone('v=DKIM1; p='), 'permerror key-revoked'],
    ['another version', zone(`v=DKIM2; p=${p}`), 'permerror key-syntax'],
    ['cut off', zone(`v=DKIM1; p=${p.slice(0, 100)}`), 'permerror key-unreadable'],
    ['of another type', zone(signer('ed25519').record), 'permerror key-type'],
    ['of somebody else', zone(signer('rsa1024').record), 'fail bad-signature'],
    ['for another hash', zone(`v=DKIM1; h=sha1; p=${p}`), 'permerror key-hash'],
    ['not for mail', zone(`v=DKIM1; s=tlsrpt; p=${p}`), 'permerror key-service'],
    ['testing', zone(`v=DKIM1; t=y; p=${p}`), 'pass'],
    ['two, one of them right', `${zone(signer('rsa1024').record)}\n${zone(rsa.record)}`, 'pass'],
  ]
  test.each(cases)('%s', async (_, world, expected) => {
    expect(outcome(await verify(signed(), world))).toEqual([expected])
  })

  test('weak ones', async () => {
    const weak = (kind: 'rsa1024' | 'rsa768') => verify(signed({ signer: signer(kind) }), zone(signer(kind).record))
    expect(outcome(await weak('rsa1024'))).toEqual(['pass'])
    expect(outcome(await weak('rsa768'))).toEqual(['policy short-signature'])
  })

  test('t=s binds the identity to the domain itself', async () => {
    const mail = (identity: string): Buffer => signed({ tags: ` i=${identity};` })
    const strict = zone(`v=DKIM1; t=s; p=${p}`)
    expect(outcome(await verify(mail('ann@example.com'), strict))).toEqual(['pass'])
    expect(outcome(await verify(mail('ann@news.example.com'), strict))).toEqual(['permerror identity-below'])
    expect(outcome(await verify(mail('ann@news.example.com'), zone(rsa.record)))).toEqual(['pass'])
  })
})

describe('signatures that are none', () => {
  const broken: readonly [name: string, change: (mail: string) => string, expected: string][] = [
    ['no bh', mail => mail.replace(/ bh=[^;]*;/, ''), 'permerror missing-tag'],
    ['another version', mail => mail.replace('v=1', 'v=2'), 'neutral bad-version'],
    ['SHA-1', mail => mail.replace('rsa-sha256', 'rsa-sha1'), 'policy obsolete-algorithm'],
    ['From not signed', mail => mail.replace('h=from:', 'h='), 'permerror from-not-signed'],
    ['not base64', mail => mail.replace(/ b=./, ' b=!'), 'neutral not-base64'],
  ]
  test.each(broken)('%s', async (_, change, expected) => {
    expect(outcome(await verify(Buffer.from(change(signed().toString('latin1')), 'latin1')))).toEqual([expected])
  })

  test('expired', async () => {
    const mail = signed({ tags: ` t=${now.getTime() / 1000 - 100}; x=${now.getTime() / 1000 - 1};` })
    expect(outcome(await verify(mail))).toEqual(['fail expired'])
    expect(outcome(await verify(mail, usualZone, new Date(now.getTime() - 50_000)))).toEqual(['pass'])
  })

  test('a thousand are not all looked at, and ask one question', async () => {
    const one = signature(fields, body)
    const mail = message([...Array.from({ length: 1000 }, () => one), ...fields], body)
    const verdicts = await verify(mail)
    expect(verdicts.length).toBe(40)
    expect(new Set(verdicts.map(({ result }) => result))).toEqual(new Set(['pass']))
  })
})

test('bodies in any pieces come to the same as the rules say', () => {
  const piece = fc.constantFrom('a', ' ', '\t', '\r\n', '\r', '\n', 'word', '  ', '\r\n\r\n')
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(60), { maxLength: 5 }), (pieces, cuts) => {
    const text = pieces.join('')
    for (const [form, canonical] of [['simple', simpleBody(text)], ['relaxed', relaxedBody(text)]] as const) {
      const digest = new BodyDigest(form, null)
      let at = 0
      for (const cut of [...cuts.toSorted((a, b) => a - b), text.length]) {
        digest.push(Buffer.from(text.slice(at, Math.max(at, cut)), 'latin1'))
        at = Math.max(at, cut)
      }
      expect(digest.end(), JSON.stringify([form, text])).toBe(createHash('sha256').update(canonical, 'latin1').digest('base64'))
      expect(digest.length).toBe(canonical.length)
    }
  }))
})
