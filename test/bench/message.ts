/**
 * Messages judged a second, in memory, beside mailauth's: the same messages, the same records, DKIM and ARC for both; ours
 * judges SPF, DMARC and the header besides. In turn, so that a machine that slows down slows both.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parse } from 'yaml'
import { evaluateMessage } from '../../src/evaluate/message.ts'
import { messageIn } from '../../src/evaluate/message-reading.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { outcome, type Network } from '../../src/network/network.ts'
import { packageRoot } from '../../src/package.ts'
import { drive } from '../../src/probes/drive.ts'
import type { RecordType } from '../../src/syntax/record.ts'

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

/** Answers from a map, for both. */
function remembered(network: Network): Network {
  const answers = new Map<string, ReturnType<Network['query']>>()
  return {
    ...network,
    query: question => {
      const key = `${question.name} ${question.type}`
      const known = answers.get(key) ?? network.query(question)
      answers.set(key, known)
      return known as never
    },
  }
}

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

async function messagesPerSecond(rounds: number, judge: Judge): Promise<number> {
  const began = process.cpuUsage()
  for (let i = 0; i < rounds; i++) for (const message of octets) await judge(message)
  const { user, system } = process.cpuUsage(began)
  return rounds * octets.length * 1e6 / (user + system)
}

/** Throws when the two do not agree: then there is nothing to compare. */
export async function messageRows(): Promise<[figure: string, value: string, aim: string][]> {
  for (const [i, message] of octets.entries()) {
    const passes = [await ours(message), await theirs(message)]
    if (passes[0] !== passes[1]) throw new Error(`${names[i] ?? ''}: ${passes.join(' and ')} pass`)
  }
  for (const judge of [ours, theirs]) await messagesPerSecond(60, judge) // until the compiler has done its part
  const rounds: { readonly ours: number; readonly theirs: number }[] = []
  for (let i = 0; i < 7; i++) rounds.push({ ours: await messagesPerSecond(60, ours), theirs: await messagesPerSecond(60, theirs) })
  const ratios = rounds.map(round => round.ours / round.theirs)
  return [
    ['messages judged a second of processor time', median(rounds.map(round => round.ours)).toFixed(0), ''],
    [`  DKIM and ARC alone by mailauth ${version}`, median(rounds.map(round => round.theirs)).toFixed(0), ''],
    ['  against mailauth', `${median(ratios).toFixed(1)} x (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)})`, ''],
  ]
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}
