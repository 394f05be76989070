/** The certificates of test worlds: made once a process for each definition, and dated by the world's clock. */
import type { Trust } from '../src/network/network.ts'
import { createAuthority, createSelfSigned, type Authority, type CertificateOptions } from '../src/lab/certificates.ts'

export interface CertificateDefinition {
  readonly names: readonly string[]
  /** `_imaps.example.com`. */
  readonly srvNames?: readonly string[]
  /** RFC 3339; 30 days before the world's now, unless told. */
  readonly notBefore?: string
  /** RFC 3339; 60 days after the world's now, unless told. */
  readonly notAfter?: string
  readonly commonName?: string
  readonly addresses?: readonly string[]
  readonly key?: NonNullable<CertificateOptions['key']>
  readonly hash?: NonNullable<CertificateOptions['hash']>
  /** Signed by an intermediate, which is served with it. */
  readonly intermediate?: boolean
  /** What is sent, in this order, in place of what a server in order sends. */
  readonly served?: readonly ('leaf' | 'intermediate' | 'root')[]
  readonly issuerUrl?: string
  readonly crlUrls?: readonly string[]
  readonly timestamps?: number
  readonly mustStaple?: boolean
}

const day = 86_400_000
const made = new Map<string, Promise<readonly string[]>>()
const authorities = new Map<string, Promise<Authority>>()

/** Base64 DER, leaf first: signed by a root that is trusted, by one that is not, or by itself, as `trust` says. */
export function makeChain(definition: CertificateDefinition, trust: Trust, now: Date): Promise<readonly string[]> {
  const problem = trust.trusted ? null : trust.problem
  if (problem === 'no-certificate') return Promise.resolve([])
  const { notBefore, notAfter, intermediate = false, served, ...rest } = definition
  const options: CertificateOptions = {
    ...rest,
    notBefore: new Date(notBefore ?? now.getTime() - 30 * day), notAfter: new Date(notAfter ?? now.getTime() + 60 * day),
  }
  return once(made, JSON.stringify([trust.trusted ? trust.anchor : problem, intermediate, served, options]), async () => {
    const issued = problem === 'self-signed'
      ? await createSelfSigned(options)
      : await (await authority(trust.trusted ? trust.anchor : 'Unknown Root', intermediate)).issue(options)
    if (!served) return issued.chain.map(der => der.toString('base64'))
    const root = await authority(trust.trusted ? trust.anchor : 'Unknown Root', false)
    const kinds = { leaf: issued.der, intermediate: issued.chain[1] ?? issued.der, root: root.der }
    return served.map(kind => kinds[kind].toString('base64'))
  })
}

/** Signs what the certificates of a test need: of `Example Root`, and as it was when they were made. */
export function authority(name: string, intermediate: boolean): Promise<Authority> {
  const dates = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2045-01-01T00:00:00Z') }
  const root = once(authorities, name, () => createAuthority(name, dates))
  return intermediate ? once(authorities, `${name} intermediate`, async () => (await root).intermediate(`${name} Intermediate`, dates)) : root
}

function once<T>(held: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = held.get(key)
  if (known) return known
  const promise = make()
  held.set(key, promise)
  return promise
}
