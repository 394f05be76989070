/** Mail providers, read from providers.yaml when somebody first asks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package.ts'

export interface Provider {
  readonly name: string
  /** A host matches an entry that it equals or lies below. */
  readonly mx: readonly string[]
  readonly spf: readonly string[]
  /** DKIM selectors that are the same for every customer; empty where nothing can be guessed. */
  readonly selectors: readonly string[]
  /** Selectors that belong together: aliases that lead below one of `behind`. */
  readonly set?: { readonly selectors: readonly string[]; readonly behind: readonly string[] }
  readonly source: string
}

export interface ProviderList {
  /** When the entries were last compared with their sources. */
  readonly checked: string
  readonly providers: readonly Provider[]
  readonly commonSelectors: readonly string[]
}

/** A provider, and the record that gave it away: `MX aspmx.l.google.com`, `SPF _spf.google.com`. */
export interface SeenProvider extends Provider {
  readonly because: string
}

let list: Promise<ProviderList> | undefined

export function loadProviders(): Promise<ProviderList> {
  list ??= load()
  return list
}

/** The providers that these MX hosts and SPF include targets belong to, in the order of the list. */
export function providersOf(providers: readonly Provider[], seen: { readonly mx: readonly string[]; readonly spf: readonly string[] }): SeenProvider[] {
  return providers.flatMap(provider => {
    const host = seen.mx.find(name => isBelow(name, provider.mx))
    const target = seen.spf.find(name => isBelow(name, provider.spf))
    return host !== undefined ? [{ ...provider, because: `MX ${host}` }] : target !== undefined ? [{ ...provider, because: `SPF ${target}` }] : []
  })
}

/** Is the name one of these, or below one? */
export function isBelow(name: string, suffixes: readonly string[]): boolean {
  return suffixes.some(suffix => name === suffix || name.endsWith(`.${suffix}`))
}

async function load(): Promise<ProviderList> {
  const [{ parse }, text] = await Promise.all([import('yaml'), readFile(join(packageRoot(), 'src', 'data', 'providers.yaml'), 'utf8')])
  return parse(text) as ProviderList // its shape is held by a test
}
