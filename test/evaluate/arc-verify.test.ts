import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { messageIn } from '../../src/commands/read-message.ts'
import { verifyArc, type ArcVerdict } from '../../src/evaluate/arc-verify.ts'
import { drive } from '../../src/probes/drive.ts'
import { createWorld } from '../world.ts'
import { message, relaxedBody, relaxedField, signer, signOctets } from './sign.ts'

const by = signer('rsa2048')
const quoted = (text: string): string => (text.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')
const zone = ['one.example', 'two.example', 'three.example'].map(domain => `arc._domainkey.${domain} TXT ${quoted(by.record)}`).join('\n')
const fields = ['From: ann@example.com', 'To: list@one.example', 'Subject: hello']
const body = 'Hello Bob\r\n'

interface ArcFields { results: string; message: string; seal: string }

/** Adds a set on top, as RFC 8617 §5.1 says. */
function sealed(sets: readonly ArcFields[], domain: string, { cv = sets.length === 0 ? 'none' : 'pass', text = body, tags = '' } = {}): ArcFields[] {
  const i = sets.length + 1
  const results = `ARC-Authentication-Results: i=${i}; ${domain}; spf=pass; dkim=pass; arc=${cv}`
  const bh = createHash('sha256').update(relaxedBody(text), 'latin1').digest('base64')
  const bare = `ARC-Message-Signature: i=${i}; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=arc; h=from:subject; bh=${bh}; b=`
  const signed = ['From: ann@example.com', 'Subject: hello'].map(field => `${relaxedField(field)}\r\n`).join('')
  const own = `${bare}${signOctets(by, `${signed}${relaxedField(bare)}`)}`
  const seal = `ARC-Seal: i=${i}; a=rsa-sha256; d=${domain}; s=arc; cv=${cv};${tags} b=`
  const all = [...sets.flatMap(set => [set.results, set.message, set.seal]), results, own].map(field => `${relaxedField(field)}\r\n`).join('')
  return [...sets, { results, message: own, seal: `${seal}${signOctets(by, `${all}${relaxedField(seal)}`)}` }]
}

async function verify(sets: readonly ArcFields[], { text = body, world = zone, change = (mail: string) => mail } = {}): Promise<ArcVerdict> {
  const mail = change(message([...sets.toReversed().flatMap(set => [set.seal, set.message, set.results]), ...fields], text).toString('latin1'))
  const { message: { fields: read }, digests } = messageIn(Buffer.from(mail, 'latin1'))
  return drive(verifyArc(read, digests), await createWorld({ zone: world }))
}

const one = sealed([], 'one.example')
const two = sealed(one, 'two.example')
const three = sealed(two, 'three.example')

test('no chain', async () => {
  expect(await verify([])).toMatchObject({ result: 'none', sealers: [] })
})

test('one, two and three sets', async () => {
  expect(await verify(one)).toMatchObject({ result: 'pass', sealers: ['one.example'] })
  expect(await verify(two)).toMatchObject({ result: 'pass', sealers: ['one.example', 'two.example'] })
  expect(await verify(three)).toMatchObject({ result: 'pass', sealers: ['one.example', 'two.example', 'three.example'] })
})

test('a body that was changed before the last sealed is of no account to the chain, after it is', async () => {
  const list = sealed(one, 'two.example', { text: `${body}-- \r\nlist footer\r\n` })
  expect(await verify(list, { text: `${body}-- \r\nlist footer\r\n` })).toMatchObject({ result: 'pass' })
  expect(await verify(list)).toMatchObject({ result: 'fail', why: 'ARC-Message-Signature 2 of two.example: the body was changed after it was signed' })
})

const broken: readonly [name: string, sets: readonly (ArcFields | undefined)[], why: RegExp][] = [
  ['a set is missing', [two[1], three[2]], /^there is no set 1$|^set \d lacks/],
  ['a set stands twice', [...one, ...one], /^there are two/],
  ['the last one found it broken', sealed(one, 'two.example', { cv: 'fail' }), /two\.example found the chain broken/],
  ['the first one says pass', sealed([], 'one.example', { cv: 'pass' }), /^ARC-Seal 1 says cv=pass$/],
  ['a later one says none', sealed(one, 'two.example', { cv: 'none' }), /^ARC-Seal 2 says cv=none$/],
  ['a seal with h', sealed([], 'one.example', { tags: ' h=from;' }), /has an h tag/],
]

test.each(broken)('%s', async (_, sets, why) => {
  const verdict = await verify(sets.filter(set => set !== undefined))
  expect(verdict.result).toBe('fail')
  expect(verdict.why).toMatch(why)
})

test('what was sealed was changed', async () => {
  expect(await verify(two, { change: mail => mail.replace('i=1; one.example; spf=pass', 'i=1; one.example; spf=fail') })).toMatchObject({ result: 'fail', why: expect.stringMatching(/^ARC-Seal 2/) as string })
  expect(await verify(two, { change: mail => mail.replace('Subject: hello', 'Subject: money') })).toMatchObject({ result: 'fail', why: expect.stringMatching(/^ARC-Message-Signature 2/) as string })
})

test('a key that is not there, and one that is not answered', async () => {
  expect(await verify(two, { world: zone.replace(/^arc\._domainkey\.one.*$/m, '') })).toMatchObject({ result: 'fail', why: expect.stringMatching(/^ARC-Seal 1 of one\.example: the name of its key/) as string })
  expect(await verify(two, { world: zone.replace(/^(arc\._domainkey\.one\S* TXT).*$/m, '$1 (timeout)') })).toMatchObject({ result: 'temperror' })
})

test('more than fifty sets', async () => {
  const field = Array.from({ length: 51 }, (_, i) => `ARC-Seal: i=${i + 1}; cv=none`).join('\r\n')
  expect(await verify([], { change: mail => `${field}\r\n${mail}` })).toMatchObject({ result: 'fail', why: 'there are more than 50 sets' })
})
