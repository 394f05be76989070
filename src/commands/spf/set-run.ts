/** What `mailcheck spf expand` and `mailcheck spf compare` do, from arguments to exit status. */
import { loadProviders, providersOf } from '../../data/providers.ts'
import { spfSets, type SpfSource } from '../../evaluate/spf-set.ts'
import { walkSpf } from '../../evaluate/spf-tree.ts'
import { memo } from '../../network/memo.ts'
import { drive } from '../../probes/drive.ts'
import { stringify } from '../../report/json.ts'
import { comparisonJson, renderComparison } from '../../report/spf-comparison.ts'
import { expansionJson, renderExpansion } from '../../report/spf-expansion.ts'
import { parseDomain } from '../../syntax/domain.ts'
import { dnsNetwork, type DnsFlags } from '../dns-network.ts'
import { Output, outputColour, tell } from '../output.ts'
import { UsageError } from '../usage-error.ts'
import { readSource } from './source.ts'

interface Flags extends DnsFlags {
  readonly format?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

const deadline = 60_000

/** 3 when the domain's own record could not be asked for: then nothing is known. */
export async function runSpfExpand(argument: string | undefined, flags: Flags): Promise<number> {
  if (argument === undefined) throw new UsageError('name a domain, such as: mailcheck spf expand example.com')
  const { domain } = domainOf(argument)
  const json = asJson(flags)
  const network = memo(await dnsNetwork(flags, deadline))
  const { providers } = await loadProviders()
  const tree = await drive(walkSpf(domain), network)
  const sets = await drive(spfSets({ domain }), network)
  const expansion = { tree, sets, providerOf: (target: string) => providersOf(providers, { mx: [], spf: [target] })[0]?.name ?? null }
  await new Output().write(json ? `${stringify(expansionJson(expansion), 2)}\n` : renderExpansion(expansion, { colour: outputColour(flags.color) }))
  return 'problem' in tree.answer ? 3 : 0
}

export async function runSpfCompare(
  before: string | undefined, after: string | undefined, flags: Flags & { readonly domain?: string | undefined },
): Promise<number> {
  if (before === undefined || after === undefined) throw new UsageError('name two records, files or domains: mailcheck spf compare BEFORE AFTER')
  const json = asJson(flags)
  const sources = [readSource(before), readSource(after)] as const
  const owner = flags.domain === undefined ? sources.find(({ domain }) => domain !== null)?.domain ?? null : domainOf(flags.domain).domain
  const network = memo(await dnsNetwork(flags, deadline))
  const side = async (name: string, source: SpfSource) => {
    const owned = source.domain === null && owner !== null ? { ...source, domain: owner } : source
    return { name: source.record ?? name, sets: await drive(spfSets(owned), network) }
  }
  const compared = [await side(before, sources[0]), await side(after, sources[1])] as const
  await new Output().write(json ? `${stringify(comparisonJson(...compared), 2)}\n` : renderComparison(...compared, { colour: outputColour(flags.color) }))
  return 0
}

function domainOf(text: string): { readonly domain: string } {
  const parsed = parseDomain(text)
  if ('error' in parsed) throw new UsageError(parsed.error)
  if (parsed.note !== undefined && parsed.domain !== text.toLowerCase()) tell(parsed.note) // an underscore is no oddity here
  return parsed
}

function asJson({ json, format }: Flags): boolean {
  if (json && format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
  return json || format === 'json'
}
