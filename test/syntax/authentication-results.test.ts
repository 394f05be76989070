import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parseAuthenticationResults } from '../../src/syntax/authentication-results.ts'

describe('parseAuthenticationResults', () => {
  it('reads the receiver, the methods and what they speak of', () => {
    expect(parseAuthenticationResults(' MX.example.net 1; spf=pass (sender is (really) permitted) smtp.mailfrom=bounce@example.com;\tdkim=pass reason="good \\"enough\\"" header.d=example.com header.s=s1 header.b=a/+b=;dmarc=FAIL policy.dmarc=reject header.from=example.com')).toEqual({
      server: 'mx.example.net',
      results: [
        { method: 'spf', result: 'pass', properties: { 'smtp.mailfrom': 'bounce@example.com' }, reason: null, comment: 'sender is (really) permitted' },
        { method: 'dkim', result: 'pass', properties: { 'header.d': 'example.com', 'header.s': 's1', 'header.b': 'a/+b=' }, reason: 'good "enough"', comment: null },
        { method: 'dmarc', result: 'fail', properties: { 'policy.dmarc': 'reject', 'header.from': 'example.com' }, reason: null, comment: null },
      ],
    })
  })
  it.each([
    ['example.org; none', 'example.org', []],
    ['', null, []],
    ['spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=none', null, ['spf pass', 'dkim none']], // nobody’s
    ['"example.org"; auth=pass smtp.auth=joe', 'example.org', ['auth pass']],
    ['example.org; dkim/1 = pass header.i = @example.com', 'example.org', ['dkim pass']],
    ['example.org (a; comment=x; never ends', 'example.org', []],
    ['example.org; spf=pass smtp.mailfrom=x=y@example.com', 'example.org', ['spf pass']],
    ['example.org; smtp.mailfrom=x', 'example.org', []],
  ])('%j', (value, server, results) => {
    const read = parseAuthenticationResults(value)
    expect(read.server).toBe(server)
    expect(read.results.map(({ method, result }) => `${method} ${result}`)).toEqual(results)
  })
  it('keeps an address with an equals sign whole', () => {
    expect(parseAuthenticationResults('a.example; spf=pass smtp.mailfrom=joe=example.com@list.example').results[0]?.properties['smtp.mailfrom']).toBe('joe=example.com@list.example')
  })
  it('never throws, and reads back what is written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), text => {
      parseAuthenticationResults(text)
    }))
    parseAuthenticationResults('('.repeat(100_000))
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/)
    fc.assert(fc.property(word, fc.array(fc.tuple(word, word, word, word)), (server, results) => {
      const text = [`${server}.example`, ...results.map(([method, result, name, value]) => `${method}=${result} smtp.${name}="${value}"`)].join('; ')
      expect(parseAuthenticationResults(text)).toEqual({
        server: `${server}.example`,
        results: results.slice(0, 100).map(([method, result, name, value]) => ({ method, result, properties: { [`smtp.${name}`]: value }, reason: null, comment: null })),
      })
    }))
  })
})
