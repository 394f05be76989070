import { expect, test } from 'vitest'
import { DmarcLookups, evaluateDmarc, type DmarcRequest } from '../../src/evaluate/dmarc.ts'
import { evaluateLegacy } from '../../src/evaluate/dmarc-legacy.ts'
import { drive } from '../../src/probes/drive.ts'
import { renderDmarc } from '../../src/report/dmarc.ts'
import { createWorld } from '../world.ts'

async function text(zone: string, request: Partial<DmarcRequest> = {}, colour = false): Promise<string> {
  const network = await createWorld({ zone })
  const message = { from: 'a@example.com', spf: null, dkim: [], ...request }
  const lookups = new DmarcLookups()
  const verdict = await drive(evaluateDmarc(message, lookups), network)
  return renderDmarc(verdict, await drive(evaluateLegacy(message, lookups), network), { colour })
}

const reject = '_dmarc.example.com TXT "v=DMARC1; p=reject; t=y"'

test('everything that led to the result, and what older receivers make of it', async () => {
  expect(await text(reject, { spf: { domain: 'b.example.com', result: 'softfail' }, dkim: [{ domain: 'esp.example', result: 'pass' }] })).toBe(`\
fail: nothing shows that the message is from example.com; example.com asks receivers to treat it as suspicious
  because        nothing that passed is aligned
  author domain  example.com
  organization   example.com
  policy         quarantine (p=reject at _dmarc.example.com, lowered by t=y)
  record         v=DMARC1; p=reject; t=y
  SPF            b.example.com (softfail): not aligned, its result is softfail
  DKIM           esp.example (pass): not aligned, it belongs to esp.example, and example.com to example.com
  asked          _dmarc.example.com, _dmarc.com, _dmarc.esp.example, _dmarc.example

Receivers that still follow RFC 7489 come to the same result, but:
  policy reject instead of quarantine
`)
})

test.each<[string, string, Partial<DmarcRequest>, RegExp]>([
  ['pass', reject, { dkim: [{ domain: 'example.com', result: 'pass' }] }, /^pass: the message is from example\.com, as it says\n/],
  ['reject', '_dmarc.example.com TXT "v=DMARC1; p=reject"', {}, /asks receivers to reject it[^]*decide alike/],
  ['none', '_dmarc.example.com TXT "v=DMARC1; p=none"', {}, /asks for nothing to be done about it/],
  ['counts as none', '_dmarc.example.com TXT "v=DMARC1; rua=mailto:d@example.com"', {}, /none, which is what the record at _dmarc\.example\.com counts as/],
  ['a share', '_dmarc.example.com TXT "v=DMARC1; p=reject; pct=20"', {}, /same result, but:\n {2}pct=20: the policy is applied to 20 % of such mail/],
  ['no policy', '', {}, /^none: DMARC says nothing about mail from example\.com[^]*alike/],
  ['several authors', '', { from: 'a@example.com,b@example.net' }, /^permerror: [^]*several domains: example\.com, example\.net\n$/],
  ['a failure', '_dmarc.example.com TXT (timeout)', {}, /^temperror: DMARC could not be evaluated now\n[^]*did not answer/],
  ['nobody knows whether it exists', '_dmarc.example.com TXT "v=DMARC1; p=none; np=reject"\nx.example.com A (timeout)', { from: 'a@x.example.com' }, /not known, of _dmarc\.example\.com/],
  ['decided otherwise', '_dmarc.x.example.com TXT "v=DMARC1; p=reject"', { from: 'a@y.x.example.com' },
    /RFC 7489 decide otherwise: none, no policy is published for y\.x\.example\.com\n {2}policy none instead of reject\n {2}policy domain none instead of x\.example\.com\n {2}organizational domain example\.com instead of x\.example\.com\n/],
  ['what must not reach a terminal', '_dmarc.example.com TXT "v=DMARC1; p=none; x=\\027[2J"', { dkim: [{ domain: '\u001b[2J', result: 'pass' }] }, /^[^\u001b]*$/],
])('%s', async (_, zone, request, expected) => expect(await text(zone, request)).toMatch(expected))

test('colours, when they are wanted', async () => expect(await text(reject, {}, true)).toContain('\u001b[31mfail\u001b[39m'))
