/** Who a source of mail is: its name, when somebody may be asked, and the provider whose service it is. */
import { loadProviders, providersOf } from '../data/providers.ts'
import type { ReportedSource } from '../evaluate/report-digest.ts'
import { outcome, type Network } from '../network/network.ts'
import type { NamedSource } from '../report/received.ts'
import { reverseName } from '../syntax/reverse-name.ts'

/** Addresses of a domain whose names are looked up: those with the most messages. */
const mostLookups = 100
const mostNames = 3

/** `network`: null when nobody may be asked. */
export async function namedSources(sources: readonly ReportedSource[], domain: string, network: Network | null): Promise<NamedSource[]> {
  const { providers } = await loadProviders()
  const names = network ? await Promise.all(sources.slice(0, mostLookups).map(({ address }) => nameOf(address, network))) : []
  return sources.map((source, i) => {
    const name = names[i] ?? null
    const others = [...source.signers, ...source.mailFrom].filter(one => one !== domain && !one.endsWith(`.${domain}`))
    const known = [...name === null ? [] : [name], ...others]
    return { ...source, name, provider: providersOf(providers, { mx: known, spf: known })[0]?.name ?? null }
  })
}

/** Anybody can write any name into the reverse zone: it counts when it leads back to the address (RFC 8601 §3). */
async function nameOf(address: string, network: Network): Promise<string | null> {
  const ptr = await outcome(network.query({ name: reverseName(address) ?? address, type: 'PTR' }))
  if ('problem' in ptr) return null
  for (const { data: { host } } of ptr.value.records.slice(0, mostNames)) {
    const back = address.includes(':') ? await outcome(network.query({ name: host, type: 'AAAA' })) : await outcome(network.query({ name: host, type: 'A' }))
    if ('value' in back && back.value.records.some(({ data }) => data.address === address)) return host
  }
  return null
}
