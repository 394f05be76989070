/** What `mailcheck dmarc eval` does, from arguments to exit status. */
import { DmarcLookups, evaluateDmarc, type Authentication, type DmarcRequest } from '../../evaluate/dmarc.ts'
import { drive } from '../../probes/drive.ts'
import { renderDmarc } from '../../report/dmarc.ts'
import { stringify } from '../../report/json.ts'
import { BatchError, batchInput, runBatch, type BatchCase } from '../batch.ts'
import { DnsFiles, dnsNetwork, type DnsFlags } from '../dns-network.ts'
import { Output, outputColour } from '../output.ts'
import { UsageError } from '../usage-error.ts'

interface Flags extends DnsFlags {
  readonly from?: string | undefined
  readonly spf?: string | undefined
  readonly dkim?: readonly string[] | undefined
  readonly format?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

/** Milliseconds: some walks of eight questions each, one after another. */
const deadline = 30_000

export async function runDmarcEval(surplus: string | undefined, flags: Flags): Promise<number> {
  const { from, spf, dkim = [] } = flags
  if (surplus !== undefined) throw new UsageError(`what is "${surplus.slice(0, 80)}"? An author is given with --from, a file of cases with --batch`)
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
  if (from === undefined) throw new UsageError('--from is missing: the address in the From field, such as user@example.com')
  const request: DmarcRequest = { from, spf: spf === undefined ? null : authentication('--spf', spf), dkim: dkim.map(text => authentication('--dkim', text)) }
  const [network, { evaluateLegacy }] = await Promise.all([dnsNetwork(flags, deadline), import('../../evaluate/dmarc-legacy.ts')])
  const lookups = new DmarcLookups()
  const verdict = await drive(evaluateDmarc(request, lookups), network)
  const legacy = await drive(evaluateLegacy(request, lookups), network)
  const { result, policy, orgDomain, policyDomain, alignment, queries, ...rest } = verdict
  await new Output().write(flags.json || flags.format === 'json'
    ? `${stringify({ result, policy, orgDomain, policyDomain, alignment, queries, ...rest, rfc7489: legacy }, 2)}\n`
    : renderDmarc(verdict, legacy, { colour: outputColour(flags.color) }))
  return 0
}

export async function runDmarcBatch(file: string | undefined, flags: Flags): Promise<number> {
  const files = new DnsFiles()
  const output = new Output()
  const clean = await runBatch(batchInput(file), line => output.write(line), async batchCase => {
    const { spf = null, dkim = [] } = batchCase.fields
    if (!Array.isArray(dkim)) throw new BatchError('bad-field', '"dkim" is no list')
    const request: DmarcRequest = {
      from: batchCase.text('from'), spf: spf === null ? null : authenticationField('spf', spf), dkim: dkim.map(one => authenticationField('dkim', one)),
    }
    const network = await files.network(zoneOf(batchCase, flags)).catch((error: unknown) => {
      throw error instanceof UsageError ? new BatchError('bad-zone', error.message) : error
    })
    const { result, policy, orgDomain, policyDomain, alignment, queries } = await drive(evaluateDmarc(request), network)
    return { result, policy, orgDomain, policyDomain, alignment, queries }
  })
  return clean ? 0 : 2
}

function zoneOf(batchCase: BatchCase, { 'dns-file': file }: Flags): string {
  return batchCase.fields['zone'] === undefined && file !== undefined ? file : batchCase.text('zone')
}

/** `example.com=pass`, with the words of RFC 8601 §2.7. */
function authentication(flag: string, text: string): Authentication {
  const [, domain, result] = /^([^=]+)=([A-Za-z]+)$/.exec(text) ?? []
  if (domain === undefined || result === undefined) throw new UsageError(`${flag}: "${text.slice(0, 80)}" is not of the form DOMAIN=RESULT, such as example.com=pass`)
  return { domain, result }
}

function authenticationField(name: string, value: unknown): Authentication {
  const { domain, result } = typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
  if (typeof domain !== 'string' || typeof result !== 'string') throw new BatchError('bad-field', `"${name}" is not {"domain","result"}`)
  return { domain, result }
}
