/**
 * The organizational domain by the Public Suffix List (RFC 7489 §3.2): the name that somebody registered, one label below
 * the longest public suffix. Only the list's ICANN section counts: its private section names hosting services, whose
 * customers are no organizations of their own to DMARC. The list ships with tldts and is never fetched.
 */
import { getDomain, getPublicSuffix } from 'tldts'

/** The name itself when it is a public suffix, has no dot, or the list has nothing to say on it. */
export function organizationalDomain(name: string): string {
  return getDomain(name, { allowPrivateDomains: false, validateHostname: false, extractHostname: false }) ?? name
}

/** Does the list have this name as one below which others register, in either of its sections? */
export function isPublicSuffix(name: string): boolean {
  const options = { validateHostname: false, extractHostname: false }
  return name !== '' && [true, false].some(allowPrivateDomains => getPublicSuffix(name, { ...options, allowPrivateDomains }) === name)
}

/** With the private section too: `acme.github.io` is registered under `github.io`. Null for a public suffix, and for a single label. */
export function registeredName(name: string): string | null {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false, extractHostname: false })
}

/** What the name is registered under, in either section of the list; its last label where the list is silent. */
export function registrySuffix(name: string): string {
  return getPublicSuffix(name, { allowPrivateDomains: true, validateHostname: false, extractHostname: false }) ?? name.slice(name.lastIndexOf('.') + 1)
}
