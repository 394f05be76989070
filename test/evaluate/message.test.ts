/** What a receiver makes of each message of `fixtures/messages`, by our own verdict and by an independent one. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { messageIn } from '../../src/commands/read-message.ts'
import { evaluateMessage } from '../../src/evaluate/message.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { drive } from '../../src/probes/drive.ts'

const folder = fileURLToPath(new URL('../../fixtures/messages/', import.meta.url))
const network = dnsFileNetwork(readFileSync(`${folder}dns.yaml`, 'utf8'))
interface Expected { readonly about: string; readonly spf: string; readonly dkim: readonly string[]; readonly arc: string; readonly dmarc: string }
const { now, messages } = parse(readFileSync(`${folder}expected.yaml`, 'utf8')) as { now: string; messages: Readonly<Record<string, Expected>> }

test('there are enough', () => {
  expect(Object.keys(messages).length).toBeGreaterThanOrEqual(80)
})

describe('each as expected', () => {
  test.each(Object.entries(messages))('%s', async (name, { spf: sent, dkim: signed, arc: chain, dmarc: policy }) => {
    const supplied = { ...messageIn(readFileSync(`${folder}${name}.eml`)), given: {} }
    const { spf, dkim, arc, dmarc } = await drive(evaluateMessage(supplied, new Date(now)), network)
    expect({ spf: spf?.result ?? 'none', dkim: dkim.map(({ result }) => result), arc: arc.result, dmarc: dmarc.result }).toEqual({ spf: sent, dkim: signed, arc: chain, dmarc: policy })
  })
})
