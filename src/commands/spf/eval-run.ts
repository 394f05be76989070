/** What `mailcheck spf eval` does, from arguments to exit status. */
import { isIP } from 'node:net'
import { checkHost, type SpfRequest } from '../../evaluate/check-host.ts'
import { drive } from '../../probes/drive.ts'
import { stringify } from '../../report/json.ts'
import { renderSpf } from '../../report/spf.ts'
import { BatchError, batchInput, runBatch, type BatchCase } from '../batch.ts'
import { DnsFiles, dnsNetwork, type DnsFlags } from '../dns-network.ts'
import { Output, outputColour } from '../output.ts'
import { UsageError } from '../usage-error.ts'

interface Flags extends DnsFlags {
  readonly ip?: string | undefined
  readonly sender?: string | undefined
  readonly helo?: string | undefined
  readonly domain?: string | undefined
  readonly format?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

/** RFC 7208 §4.6.4: the limit of an evaluation "SHOULD allow at least 20 seconds". */
const deadline = 20_000

export async function runSpfEval(surplus: string | undefined, flags: Flags): Promise<number> {
  const { ip, sender, helo, domain } = flags
  if (surplus !== undefined) throw new UsageError(`what is "${surplus.slice(0, 80)}"? A sender is given with --sender, a file of cases with --batch`)
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
  if (ip === undefined) throw new UsageError('--ip is missing: the address of the client, such as 192.0.2.10')
  if (isIP(ip) === 0 || ip.includes('%')) throw new UsageError(`--ip: "${ip.slice(0, 80)}" is no IP address`)
  if (sender === undefined) throw new UsageError('--sender is missing: the address in MAIL FROM, or "" for the null sender')
  if (helo === undefined) throw new UsageError('--helo is missing: what the client said in HELO or EHLO')
  const request = requestOf(ip, sender, helo, domain)
  const verdict = await drive(checkHost(request), await dnsNetwork(flags, deadline))
  await new Output().write(flags.json || flags.format === 'json' ? `${stringify(verdict, 2)}\n`
    : renderSpf(request, verdict, { colour: outputColour(flags.color) }))
  return 0
}

export async function runSpfBatch(file: string | undefined, flags: Flags): Promise<number> {
  const files = new DnsFiles()
  const output = new Output()
  const clean = await runBatch(batchInput(file), line => output.write(line), async batchCase => {
    const ip = batchCase.text('ip')
    if (isIP(ip) === 0 || ip.includes('%')) throw new BatchError('bad-ip', '"ip" is no IP address')
    const { domain } = batchCase.fields
    const request = requestOf(ip, batchCase.text('sender'), batchCase.text('helo'), domain === undefined ? undefined : batchCase.text('domain'))
    const zone = zoneOf(batchCase, flags)
    const network = await files.network(zone).catch((error: unknown) => {
      throw error instanceof UsageError ? new BatchError('bad-zone', error.message) : error
    })
    const { result, explanation, lookups, void: voids, matched } = await drive(checkHost(request), network)
    return { result, explanation, lookups, void: voids, matched }
  })
  return clean ? 0 : 2
}

function zoneOf(batchCase: BatchCase, { 'dns-file': file }: Flags): string {
  return batchCase.fields['zone'] === undefined && file !== undefined ? file : batchCase.text('zone')
}

/** Addresses come as SMTP has them, too: `<user@example.com>`, and `<>` for the null reverse-path. */
function requestOf(ip: string, sender: string, helo: string, domain: string | undefined): SpfRequest {
  const bare = /^<(.*)>$/s.exec(sender)?.[1] ?? sender
  return { ip, sender: bare, helo, now: new Date(), ...(domain === undefined ? {} : { domain }) }
}
