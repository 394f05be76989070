/** What `mailcheck message` does, from arguments to exit status. */
import { isIP } from 'node:net'
import { evaluateMessage, dkimResult, type MessageVerdict } from '../evaluate/message.ts'
import { check, checks as allChecks, exitCode, makeScope, type FailOn, type ReportedFinding } from '../index.ts'
import type { Network } from '../network/network.ts'
import { drive } from '../probes/drive.ts'
import type { MessageFacts } from '../probes/message.ts'
import { stringify } from '../report/json.ts'
import { renderMessagePage } from '../report/message-page.ts'
import type { Client, SuppliedMessage } from '../syntax/supplied-message.ts'
import { BatchError, batchInput, runBatch, type BatchCase } from './batch.ts'
import { DnsFiles, dnsNetwork, type DnsFlags } from './dns-network.ts'
import { ownEhloName } from './ehlo-name.ts'
import { Output, outputColour, outputWidth } from './output.ts'
import { readMessage, readMessageFile } from './read-message.ts'
import { timeOf } from './time-of.ts'
import { UsageError } from './usage-error.ts'

interface Flags extends DnsFlags {
  readonly ip?: string | undefined
  readonly helo?: string | undefined
  readonly 'mail-from'?: string | undefined
  readonly now?: string | undefined
  readonly bulk: boolean
  readonly 'fail-on'?: string | undefined
  readonly strict: boolean
  readonly format?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

const messageSchema = 'mailcheck.message/1'

/** Milliseconds: SPF, some keys, and the walks of DMARC, one after another. */
const deadline = 40_000

export async function runMessage(file: string | undefined, flags: Flags): Promise<number> {
  if (file === undefined) throw new UsageError('name the file of a message, or - for stdin')
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
  const { ip, helo, 'mail-from': mailFrom } = flags
  if (ip !== undefined) checkAddress(ip)
  const now = flags.now === undefined ? null : timeOf(flags.now)
  if (flags.now !== undefined && !now) throw new UsageError(`--now: "${flags.now.slice(0, 80)}" is no time such as 2026-11-23T10:00:00Z`)
  const network = at(await dnsNetwork(flags, deadline), now)
  const supplied: SuppliedMessage = { ...await readMessageFile(file), given: givenOf(ip, helo, mailFrom) }
  if (supplied.message.fields.length === 0) throw new UsageError(`${file === '-' ? 'what stdin holds' : file} is no message: it has no header`)
  const own = allChecks.filter(({ topic }) => topic === 'message')
  const scope = makeScope({ permissions: ['message'], bulk: flags.bulk, ehloName: ownEhloName(), message: supplied }, null, { domain: 'message.invalid', shownAs: 'message' })
  const report = await check(scope, { network, checks: own })
  const { verdict } = report.facts['message'] as MessageFacts
  await new Output().write(flags.json || flags.format === 'json'
    ? `${stringify({ schema: messageSchema, ...told(verdict), findings: report.findings.map(findingOf) }, 2)}\n`
    : renderMessagePage(verdict, report, { width: outputWidth(), colour: outputColour(flags.color), checks: own }))
  return exitCode([report], { failOn: (flags['fail-on'] ?? 'error') as FailOn, strict: flags.strict })
}

/** Base64 of a message of 50 MB, and the rest of the line. */
const longestLine = 80 * 1024 * 1024

export async function runMessageBatch(file: string | undefined, flags: Flags): Promise<number> {
  const files = new DnsFiles()
  const output = new Output()
  const clean = await runBatch(batchInput(file), line => output.write(line), async batchCase => {
    const octets = Buffer.from(batchCase.text('message').replace(/[\s]+/g, ''), 'base64')
    const text = (name: string): string | undefined => batchCase.fields[name] === undefined || batchCase.fields[name] === null ? undefined : batchCase.text(name)
    const ip = text('ip')
    if (ip !== undefined && isIP(ip) === 0) throw new BatchError('bad-ip', '"ip" is no IP address')
    const supplied = { ...await readMessage([octets]), given: givenOf(ip, text('helo'), text('mailFrom')) }
    const network = await dnsOf(batchCase, files, flags)
    const verdict = await drive(evaluateMessage(supplied, nowOf(batchCase)), network)
    return {
      spf: verdict.spf?.result ?? 'none',
      dkim: verdict.dkim.map(({ domain, selector, result, why }) => ({ domain, selector, result, why })),
      arc: verdict.arc.result,
      dmarc: verdict.dmarc.result,
    }
  }, longestLine)
  return clean ? 0 : 2
}

async function dnsOf(batchCase: BatchCase, files: DnsFiles, flags: Flags): Promise<Network> {
  const { dns } = batchCase.fields
  if (typeof dns === 'object' && dns !== null) {
    const { dnsFileNetwork, DnsFileError } = await import('../network/dns-file.ts')
    try {
      return dnsFileNetwork(JSON.stringify(dns))
    } catch (error) {
      throw error instanceof DnsFileError ? new BatchError('bad-dns', error.message) : error
    }
  }
  const path = dns === undefined || dns === null ? flags['dns-file'] : batchCase.text('dns')
  if (path === undefined) throw new BatchError('missing-field', '"dns" is missing, and there is no --dns-file')
  return files.network(path).catch((error: unknown) => {
    throw error instanceof UsageError ? new BatchError('bad-dns', error.message) : error
  })
}

function nowOf({ fields }: BatchCase): Date {
  const { now } = fields
  if (now === undefined || now === null) return new Date()
  const date = typeof now === 'number' ? new Date(now * 1000) : typeof now === 'string' ? timeOf(now) : null
  if (!date || Number.isNaN(date.getTime())) throw new BatchError('bad-field', '"now" is neither a time such as "2026-11-23T10:00:00Z" nor seconds since 1970')
  return date
}

/** The same network, whose clock stands at `now`. */
function at(network: Network, now: Date | null): Network {
  return now ? { query: question => network.query(question), connect: endpoint => network.connect(endpoint), fetch: url => network.fetch(url), now: () => now } : network
}

function checkAddress(ip: string): void {
  if (isIP(ip) === 0 || ip.includes('%')) throw new UsageError(`--ip: "${ip.slice(0, 80)}" is no IP address`)
}

/** Addresses come as SMTP has them, too: `<user@example.com>`, and `<>` for the null reverse-path. */
function givenOf(ip: string | undefined, helo: string | undefined, mailFrom: string | undefined): Partial<Client> {
  return {
    ...ip === undefined ? {} : { ip }, ...helo === undefined ? {} : { helo },
    ...mailFrom === undefined ? {} : { mailFrom: /^<(.*)>$/s.exec(mailFrom)?.[1] ?? mailFrom },
  }
}

function findingOf({ check: id, verdict, severity, code, args, message, detail, evidence, remedy }: ReportedFinding): object {
  return { check: id, verdict, severity, code, args, message, detail, evidence, remedy }
}

/** What programs read. */
function told({ from, client, hops, spf, dkim, arc, dmarc, rfc7489 }: MessageVerdict): object {
  return {
    from, client,
    result: { spf: spf?.result ?? 'none', dkim: dkimResult(dkim), arc: arc.result, dmarc: dmarc.result },
    spf: spf && { domain: spf.domain, result: spf.result, explanation: spf.explanation, lookups: spf.lookups, void: spf.void, matched: spf.matched, byHelo: spf.byHelo },
    dkim: dkim.map(({ domain, selector, result, why, code, algorithm, identity, bits, testing, unsignedOctets, signature: { headers } }) =>
      ({ domain, selector, result, why, code, algorithm, identity, bits, testing, unsignedOctets, headers })),
    arc, dmarc, rfc7489, hops,
  }
}
