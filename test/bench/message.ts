/**
 * Messages judged a second, in memory, beside mailauth's: the same messages, the same records, DKIM and ARC for both; ours
 * judges SPF, DMARC and the header besides.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parse } from 'yaml'
import { evaluateMessage } from '../../src/evaluate/message.ts'
import { messageIn } from '../../src/evaluate/message-reading.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { outcome } from '../../src/network/network.ts'
import { packageRoot } from '../../src/package.ts'
import { drive } from '../../src/probes/drive.ts'
import type { RecordType } from '../../src/syntax/record.ts'
import { beside, remembered } from './beside.ts'

const require = createRequire(import.meta.url)
const { version } = require('mailauth/package.json') as { readonly version: string }
const { dkimVerify } = require('mailauth/lib/dkim/verify') as { readonly dkimVerify: (octets: Buffer, options: object) => Promise<{ readonly results: readonly Status[]; readonly arc: object }> }
const { arc } = require('mailauth/lib/arc') as { readonly arc: (chain: object, options: object) => Promise<Status> }
interface Status { readonly status?: { readonly result: string } }

const folder = join(packageRoot(), 'fixtures/messages')
const names = ['all-signed', 'arc-one', 'arc-three', 'dmarc-two', 'dmarc-strict', 'dots']
const octets = names.map(name => readFileSync(join(folder, `${name}.eml`)))
const { now } = parse(readFileSync(join(folder, 'expected.yaml'), 'utf8')) as { readonly now: string }
const time = new Date(now)

/** For both. */
const network = remembered(dnsFileNetwork(readFileSync(join(folder, 'dns.yaml'), 'utf8')))

async function resolver(name: string, type: string): Promise<unknown> {
  const answer = await outcome(network.query({ name: name.toLowerCase().replace(/\.$/, ''), type: type as RecordType }))
  if ('problem' in answer || answer.value.records.length === 0) throw Object.assign(new Error('none'), { code: 'ENODATA' })
  return answer.value.records.map(({ data }) => ('strings' in data ? data.strings : data))
}

/** How many signatures and chains pass. */
type Judge = (message: Buffer) => Promise<number>

const ours: Judge = async message => {
  const verdict = await drive(evaluateMessage({ ...messageIn(message), given: {} }, time), network)
  return verdict.dkim.filter(({ result }) => result === 'pass').length + (verdict.arc.result === 'pass' ? 1 : 0)
}
const theirs: Judge = async message => {
  const options = { resolver, curTime: time, minBitLength: 1024 }
  const dkim = await dkimVerify(message, options)
  const chain = await arc(dkim.arc, options)
  return dkim.results.filter(({ status }) => status?.result === 'pass').length + (chain.status?.result === 'pass' ? 1 : 0)
}

/** Throws when the two do not agree: then there is nothing to compare. */
export async function messageRows(): Promise<[figure: string, value: string, aim: string][]> {
  for (const [i, message] of octets.entries()) {
    const passes = [await ours(message), await theirs(message)]
    if (passes[0] !== passes[1]) throw new Error(`${names[i] ?? ''}: ${passes.join(' and ')} pass`)
  }
  const measured = await beside({ inputs: octets, ours, theirs, rounds: 60, measurements: 7 })
  return [
    ['messages judged a second of processor time', measured.ours, ''],
    [`  DKIM and ARC alone by mailauth ${version}`, measured.theirs, ''],
    ['  against mailauth', measured.ratio, ''],
  ]
}
