/**
 * CAA records (RFC 8659): which certificate authorities may issue for a domain, "0 issue "letsencrypt.org"". issue speaks of
 * all names, issuewild of wildcards only and then alone; a value without a name, ";", permits nobody. Other properties say where
 * to report, or are of S/MIME (RFC 9495) or mark certificates. The records of the nearest name that has any apply.
 */
import type { RecordData } from './record.ts'

export type CaaData = RecordData['CAA']

/** Properties that authorities of today know. */
const known = ['issue', 'issuewild', 'iodef', 'issuemail', 'issuevmc', 'contactemail', 'contactphone']

export type CaaPermission =
  /** Nothing restricts who issues. */
  | { readonly permits: 'anybody' }
  /** The names by which authorities are permitted, in lower case; empty for nobody. */
  | { readonly permits: 'these'; readonly authorities: readonly string[] }
  /** An unknown property is critical: nobody may issue (§4.1). */
  | { readonly permits: 'nobody'; readonly tag: string }

/** What a set of records permits for a name, or for a wildcard (§4.2, §4.3). Never throws. */
export function permissionOf(records: readonly CaaData[], wildcard: boolean): CaaPermission {
  const stranger = records.find(({ flags, tag }) => (flags & 0x80) !== 0 && !known.includes(tag.toLowerCase()))
  if (stranger) return { permits: 'nobody', tag: stranger.tag }
  const named = (name: string): readonly CaaData[] => records.filter(({ tag }) => tag.toLowerCase() === name)
  const wild = wildcard ? named('issuewild') : []
  const issuers = wild.length > 0 ? wild : named('issue')
  return issuers.length === 0 ? { permits: 'anybody' } : { permits: 'these', authorities: issuers.map(issuerOf).filter(name => name !== '') }
}

/** `letsencrypt.org` of `letsencrypt.org; validationmethods=dns-01`; '' where there is no name that could be one. */
function issuerOf({ value }: CaaData): string {
  const [name = ''] = value.split(';', 1)
  const folded = name.replace(/^[ \t]+|[ \t]+$/g, '').toLowerCase()
  return /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/.test(folded) ? folded : ''
}
