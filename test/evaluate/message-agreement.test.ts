/** The same messages, judged by mailauth: where it and we differ on what passes, a reason stands here. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { messageIn } from '../../src/commands/read-message.ts'
import { evaluateMessage } from '../../src/evaluate/message.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { outcome } from '../../src/network/network.ts'
import { drive } from '../../src/probes/drive.ts'
import type { RecordType } from '../../src/syntax/record.ts'

const folder = fileURLToPath(new URL('../../fixtures/messages/', import.meta.url))
const network = dnsFileNetwork(readFileSync(`${folder}dns.yaml`, 'utf8'))
const { now, messages } = parse(readFileSync(`${folder}expected.yaml`, 'utf8')) as { now: string; messages: Readonly<Record<string, object>> }

/** Where we go by the RFC, and it does not. */
const differences: Readonly<Record<string, string>> = {
  'key-two-records': 'it gives up when a selector has two records (RFC 6376 §3.6.2.2 leaves it open); we try both',
  'identity-below': 'it does not look at t=s (RFC 6376 §3.6.1)',
  'identity-outside': 'it does not look at the domain of i= (RFC 6376 §6.1.1)',
  'bare-line-ends': 'it takes a bare LF for a line end (RFC 6376 §5.3, §3.4)',
}

async function resolver(name: string, type: string): Promise<unknown> {
  const answer = await outcome(network.query({ name: name.toLowerCase().replace(/\.$/, ''), type: type as RecordType }))
  if ('problem' in answer) throw Object.assign(new Error('timeout'), { code: 'ETIMEOUT' })
  if (answer.value.records.length === 0) throw Object.assign(new Error('none'), { code: answer.value.rcode === 'NXDOMAIN' ? 'ENOTFOUND' : 'ENODATA' })
  return answer.value.records.map(({ data }) => 'strings' in data ? data.strings : 'address' in data ? data.address : data)
}

const require = createRequire(import.meta.url)
const { dkimVerify } = require('mailauth/lib/dkim/verify') as { readonly dkimVerify: (octets: Buffer, options: object) => Promise<{ readonly results: readonly Status[]; readonly arc: object }> }
const { arc } = require('mailauth/lib/arc') as { readonly arc: (chain: object, options: object) => Promise<Status> }
interface Status { readonly status?: { readonly result: string } }

test('what passes here passes there', async () => {
  const found: Record<string, unknown> = {}
  for (const name of Object.keys(messages).filter(one => one !== 'many-signatures')) {
    const octets = readFileSync(`${folder}${name}.eml`)
    const ours = await drive(evaluateMessage({ ...messageIn(octets), given: {} }, new Date(now)), network)
    const dkim = await dkimVerify(octets, { resolver, curTime: new Date(now), minBitLength: 1024 })
    const chain = await arc(dkim.arc, { resolver, curTime: new Date(now), minBitLength: 1024 })
    const passes = (results: readonly (string | undefined)[]): number => results.filter(result => result === 'pass').length
    const own = [passes(ours.dkim.map(({ result }) => result)), ours.arc.result === 'pass']
    const other = [passes(dkim.results.map(({ status }) => status?.result)), chain.status?.result === 'pass']
    const alike = JSON.stringify(own) === JSON.stringify(other)
    if (!alike && !(name in differences)) found[name] = { own, other }
    if (alike && name in differences) found[name] = 'they agree after all'
  }
  expect(found).toEqual({})
}, 60_000)
