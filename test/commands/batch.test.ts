import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BatchError, batchInput, runBatch, type BatchCase } from '../../src/commands/batch.ts'
import { UsageError } from '../../src/commands/usage-error.ts'

async function* chunksOf(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size)
}

async function batch(input: string | Buffer, evaluate: (batchCase: BatchCase) => object, size = 7): Promise<{ clean: boolean; answers: unknown[] }> {
  let text = ''
  const clean = await runBatch(chunksOf(Buffer.from(input), size), line => {
    text += line
    return Promise.resolve()
  }, evaluate)
  expect(text === '' || text.endsWith('\n')).toBe(true)
  return { clean, answers: text.split('\n').slice(0, -1).map(line => JSON.parse(line) as unknown) }
}

const echo = (batchCase: BatchCase) => ({ said: batchCase.text('say') })
const octets = (batchCase: BatchCase) => ({ octets: batchCase.octets('say') })

test('an answer a line, in order, however the input arrives', async () => {
  const input = '{"id":"a","say":"one"}\r\n\n{"id":2,"say":"two"}\n \t\n{"say":"three"}'
  const expected = { clean: true, answers: [{ id: 'a', said: 'one' }, { id: 2, said: 'two' }, { id: null, said: 'three' }] }
  for (const size of [1, 3, 10_000]) expect(await batch(input, echo, size)).toEqual(expected)
  expect(await batch('', echo)).toEqual({ clean: true, answers: [] })
})

test('what cannot be read gets an error in its place, and the others their answers', async () => {
  const input = [
    'no', '[1]', 'null', '"x"', '{"id":3}', '{"id":4,"say":null}', '{"id":5,"say":["x"]}', '{"id":{"a":1},"say":"x"}', '{"id":7,"say":"refuse"}', '{"id":8,"say":"last"}',
    '{"id":9,"say":"x"', '{"__proto__":{"say":"x"}}',
  ].join('\n')
  const { clean, answers } = await batch(input, batchCase => {
    if (batchCase.text('say') === 'refuse') throw new BatchError('refused', 'no')
    return echo(batchCase)
  })
  expect(clean).toBe(false)
  expect(answers.map(answer => {
    const { id, error, said } = answer as { id: unknown; error?: { code: string; message: string }; said?: string }
    return [id, error?.code ?? said]
  })).toEqual([
    [null, 'bad-json'], [null, 'no-object'], [null, 'no-object'], [null, 'no-object'], [3, 'missing-field'], [4, 'missing-field'], [5, 'bad-field'],
    [null, 'bad-field'], [7, 'refused'], [8, 'last'], [null, 'bad-json'], [null, 'missing-field'],
  ])
})

test('a line without end is an error, not a flood', async () => {
  const { clean, answers } = await batch(`{"say":"${'x'.repeat(5 * 1024 * 1024)}"}\n{"id":1,"say":"next"}`, echo, 65_536)
  expect(clean).toBe(false)
  expect(answers).toMatchObject([{ id: null, error: { code: 'line-too-long' } }, { id: 1, said: 'next' }])
})

test('strings as octets: characters in UTF-8, and what is none as it came', async () => {
  const octetsOf = async (json: string | Buffer) => ((await batch(Buffer.concat([Buffer.from('{"say":"'), Buffer.from(json), Buffer.from('"}')]), octets)).answers[0] as { octets: string }).octets
  expect(await octetsOf('é')).toBe('\xc3\xa9')
  expect(await octetsOf('\\u00e9')).toBe('\xc3\xa9')
  expect(await octetsOf('\\ud83d\\ude00 😀')).toBe('\xf0\x9f\x98\x80 \xf0\x9f\x98\x80')
  expect(await octetsOf('\\\\u00e9\\u0000\\n\\"')).toBe('\\u00e9\0\n"')
  expect(await octetsOf('\\ud800x')).toBe('\xef\xbf\xbdx')
  expect(await octetsOf(Buffer.from('a\xff\xc3b', 'latin1'))).toBe('a\xff\xc3b')
})

test('a bug is not an answer', async () => {
  await expect(batch('{"say":"x"}', () => {
    throw new TypeError('ours')
  })).rejects.toThrow('ours')
})

test('from a file, or not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'batch-'))
  try {
    writeFileSync(join(directory, 'cases.jsonl'), '{"id":1,"say":"hello"}\n')
    let text = ''
    expect(await runBatch(batchInput(join(directory, 'cases.jsonl')), line => Promise.resolve(void (text += line)), echo)).toBe(true)
    expect(text).toBe('{"id":1,"said":"hello"}\n')
    for (const file of [directory, join(directory, 'none')]) await expect(runBatch(batchInput(file), () => Promise.resolve(), echo)).rejects.toThrow(UsageError)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
