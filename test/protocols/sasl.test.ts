import fc from 'fast-check'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { chooseMechanism, mechanisms, saslExchange, type Mechanism, type SaslOptions } from '../../src/protocols/sasl.ts'
import { prepared } from '../../src/protocols/scram.ts'

const options: SaslOptions = { user: 'user', secret: 'pencil', host: 'server.example.com', port: 587, plusOffered: false, binding: null }
const start = (mechanism: Mechanism, more: Partial<SaslOptions> = {}) => saslExchange(mechanism, { ...options, ...more })

describe('the examples of the standards', () => {
  test('PLAIN, RFC 4616 §4', () => {
    expect(start('PLAIN', { user: 'tim', secret: 'tanstaaftanstaaf' }).initial).toBe('\0tim\0tanstaaftanstaaf')
  })

  test('CRAM-MD5, RFC 2195 §2', () => {
    const exchange = start('CRAM-MD5', { user: 'tim', secret: 'tanstaaftanstaaf' })
    expect(exchange.initial).toBeNull()
    expect(exchange.answer('<1896.697170952@postoffice.reston.mci.net>')).toEqual({ say: 'tim b913a602c7eda7a495b4e6e7334d3890' })
    expect(exchange.answer('more')).toHaveProperty('giveUp')
  })

  test('SCRAM-SHA-1, RFC 5802 §5', () => {
    const exchange = start('SCRAM-SHA-1', { nonce: 'fyko+d2lbbFgONRv9qkxdawL' })
    expect(exchange.initial).toBe('n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL')
    expect(exchange.answer('r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096'))
      .toEqual({ say: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=' })
    expect(exchange.answer('v=rmF9pqV8S7suAoZWja4dJRkFsKQ=')).toEqual({ say: '' })
  })

  test('SCRAM-SHA-256, RFC 7677 §3', () => {
    const exchange = start('SCRAM-SHA-256', { nonce: 'rOprNGfwEbeRWgbNEkqO' })
    expect(exchange.initial).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    expect(exchange.answer('r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'))
      .toEqual({ say: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=' })
    expect(exchange.answer('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toEqual({ say: '' })
  })

  test('OAUTHBEARER, RFC 7628 §4.1', () => {
    const exchange = start('OAUTHBEARER', { user: 'user@example.com', secret: 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==' })
    expect(exchange.initial).toBe('n,a=user@example.com,\x01host=server.example.com\x01port=587\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01')
    expect(exchange.answer('{"status":"invalid_token"}')).toEqual({ say: '\x01' })
  })
})

test('LOGIN says the name and then the password', () => {
  const exchange = start('LOGIN')
  expect([exchange.initial, exchange.answer('Username:'), exchange.answer('Password:')]).toEqual([null, { say: 'user' }, { say: 'pencil' }])
})

test('XOAUTH2 lets the server say what it did not like', () => {
  const exchange = start('XOAUTH2', { secret: 'token' })
  expect(exchange.initial).toBe('user=user\x01auth=Bearer token\x01\x01')
  expect(exchange.answer('{"status":"401"}')).toEqual({ say: '' })
})

test('names and passwords are sent as UTF-8', () => {
  expect(start('PLAIN', { user: 'jürgen', secret: 'naïve' }).initial).toBe('\0j\xc3\xbcrgen\0na\xc3\xafve')
})

describe('SCRAM', () => {
  /** A server that knows the password; `shown` is what it thinks of the client’s proof. */
  function server(clientFirst: string, { password = 'pencil', hash = 'sha256', iterations = 4096 } = {}) {
    const bare = clientFirst.split(',').slice(2).join(',')
    const nonce = `${/r=(.*)$/.exec(bare)?.[1] ?? ''}server`
    const first = `r=${nonce},s=${Buffer.from('salt').toString('base64')},i=${iterations}`
    const salted = pbkdf2Sync(password, 'salt', iterations, hash === 'sha1' ? 20 : 32, hash)
    const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text, 'latin1').digest()
    return {
      first,
      final: (clientFinal: string) => {
        const [, without = '', proof = ''] = /^(.*),p=([^,]*)$/.exec(clientFinal) ?? []
        const message = `${bare},${first},${without}`
        const clientKey = hmac(salted, 'Client Key')
        const signature = hmac(createHash(hash).update(clientKey).digest(), message)
        const key = Buffer.from(proof, 'base64').map((octet, i) => octet ^ (signature[i] ?? 0))
        return {
          letIn: Buffer.compare(key, clientKey) === 0,
          binding: Buffer.from(/c=([^,]*)/.exec(without)?.[1] ?? '', 'base64').toString('latin1'),
          signature: `v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`,
        }
      },
    }
  }
  const say = (step: object): string => ('say' in step ? String(step.say) : '')

  it('is let in with any name and password, and names the TLS session where it is asked to', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ minLength: 1 }), fc.boolean(), (user, secret, plus) => {
      const exchange = start(plus ? 'SCRAM-SHA-1-PLUS' : 'SCRAM-SHA-256', { user, secret, binding: { type: 'tls-exporter', octets: '\x00\xff,=' } })
      const peer = server(exchange.initial ?? '', { password: prepared(secret), hash: plus ? 'sha1' : 'sha256', iterations: 2 })
      const { letIn, signature, binding } = peer.final(say(exchange.answer(peer.first)))
      expect(letIn).toBe(true)
      expect(binding).toBe(plus ? 'p=tls-exporter,,\x00\xff,=' : 'y,,')
      expect(exchange.answer(signature)).toEqual({ say: '' })
    }), { numRuns: 50 })
  })

  it('finds out who only pretends to know the password', () => {
    const exchange = start('SCRAM-SHA-256')
    const peer = server(exchange.initial ?? '', { password: 'guessed' })
    const { letIn, signature } = peer.final(say(exchange.answer(peer.first)))
    expect(letIn).toBe(false)
    expect(exchange.answer(signature)).toEqual({ giveUp: 'the signature of the server is wrong' })
  })

  it('says that it could have bound the session, unless the server could, too', () => {
    const binding = { type: 'tls-exporter', octets: 'x' }
    expect(start('SCRAM-SHA-256', { binding }).initial).toMatch(/^y,,/)
    expect(start('SCRAM-SHA-256', { binding, plusOffered: true }).initial).toMatch(/^n,,/)
    expect(start('SCRAM-SHA-256').initial).toMatch(/^n,,/)
  })

  it.each([
    ['r=other,s=c2FsdA==,i=4096', /nonce/], ['r=abc,s=c2FsdA==,i=4096', /nonce/], ['r=abcd,s=c2FsdA==,i=4000000000', /iterations/],
    ['r=abcd,s=c2FsdA==,i=0', /iterations/], ['m=ext,r=abcd,s=c2FsdA==,i=4096', /not SCRAM/], ['', /not SCRAM/], ['e=unknown-user', /unknown-user/],
  ])('goes no further after %s', (first, why) => {
    expect(start('SCRAM-SHA-1', { nonce: 'abc' }).answer(first)).toEqual({ giveUp: expect.stringMatching(why) as string })
  })
})

it('is not led astray by whatever a server says', () => {
  fc.assert(fc.property(fc.constantFrom(...mechanisms), fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (mechanism, challenges) => {
    const exchange = start(mechanism)
    for (const challenge of challenges) expect(exchange.answer(challenge)).toSatisfy((step: object) => 'say' in step || 'giveUp' in step)
  }))
})

test.each<[string[], string | undefined, string | null]>([
  [['PLAIN', 'LOGIN'], undefined, 'PLAIN'],
  [['login', 'plain', 'scram-sha-256'], undefined, 'SCRAM-SHA-256'],
  [['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-1-PLUS', 'SCRAM-SHA-256-PLUS'], undefined, 'SCRAM-SHA-256'],
  [['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256-PLUS'], undefined, 'SCRAM-SHA-1'],
  [['PLAIN', 'SCRAM-SHA-256-PLUS'], undefined, 'SCRAM-SHA-256-PLUS'],
  [['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], 'scram-sha-256-plus', 'SCRAM-SHA-256-PLUS'],
  [['PLAIN', 'CRAM-MD5'], undefined, 'CRAM-MD5'],
  [['PLAIN', 'CRAM-MD5'], 'plain', 'PLAIN'],
  [['XOAUTH2'], undefined, null],
  [['XOAUTH2'], 'XOAUTH2', 'XOAUTH2'],
  [['GSSAPI'], undefined, null],
  [['PLAIN'], 'SCRAM-SHA-256', null],
])('of %j and the wish for %s, %s is used', (offered, asked, chosen) => {
  expect(chooseMechanism(offered, asked)).toBe(chosen)
})

test.each([['I\u00adX', 'IX'], ['user', 'user'], ['USER', 'USER'], ['\u00aa', 'a'], ['\u2168', 'IX'], ['a\u00a0b', 'a b']])(
  'SASLprep makes of %j %j (RFC 4013 §3)', (text, wanted) => {
    expect(prepared(text)).toBe(wanted)
  })
