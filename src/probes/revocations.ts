/**
 * Whether the certificates of submission, IMAP and POP3 are taken back. A certificate says where its issuer lists the revoked
 * (RFC 5280 §4.2.1.13), and the list is fetched from there, in clear as a rule: it is signed, and who would fetch it over TLS
 * would first need another list. What the server staples counts too, where it is bad news (RFC 6960).
 */
import type { Outcome, TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { readCrl, type CrlSaying, type Revocation } from '../syntax/crl.ts'
import { stapledRevocation } from '../syntax/ocsp.ts'
import { issuersOf } from '../syntax/signed-by.ts'
import { readX509 } from '../syntax/x509.ts'
import type { ProbeContext } from './index.ts'
import { askThirdParty, silent } from './third-party.ts'

export interface CertificateRevocation {
  /** SHA-256 of the certificate, hexadecimal. */
  readonly sha256: string
  /** Where it says that lists are; those in other directories than the web are left out. */
  readonly urls: readonly string[]
  /** What was found there, up to the first list that can be heard; null: there is a list, but not on the web. */
  readonly lists: readonly { readonly url: string; readonly saying: Outcome<CrlSaying> }[] | null
  /** The server staples that it is revoked, and the issuer has signed that. */
  readonly stapled: Revocation | null
}

/** Octets. The longest of public authorities come to ten million. */
const longestList = 16 * 1024 * 1024
/** Places that are tried for one certificate, and certificates of a domain. */
const most = 4
const mostCertificates = 20

/** Of the certificates that the endpoints show. */
export async function probeRevocations(context: ProbeContext): Promise<readonly CertificateRevocation[]> {
  const { sessions } = await context.facts.get('serviceSessions')
  const shown = new Map<string, TlsSession>()
  for (const { session: { tls } } of sessions) {
    const leaf = tls?.chain[0]
    if (tls && leaf !== undefined && shown.size < mostCertificates && !shown.has(leaf)) shown.set(leaf, tls)
  }
  const found = await Promise.all([...shown].map(([leaf, tls]) => revocationOf(context, leaf, tls)))
  return found.filter(one => one !== null)
}

async function revocationOf(context: ProbeContext, leaf: string, { chain, trust, ocspResponse }: TlsSession): Promise<CertificateRevocation | null> {
  const read = readX509(Buffer.from(leaf, 'base64'))
  const certificate = parseCertificate(leaf)
  if (!read || !certificate) return null
  const issuers = issuersOf(read, chain.slice(1), trust.trusted ? trust.anchorKey : undefined)
  const stapled = ocspResponse === null ? null : stapledRevocation(ocspResponse, read, issuers)
  const points = read.crlPoints.filter(({ byOther }) => !byOther)
  const urls = [...new Set(points.flatMap(point => point.urls))].filter(url => /^https?:/i.test(url)).slice(0, most)
  const lists: { url: string; saying: Outcome<CrlSaying> }[] = []
  for (const url of urls) {
    // An authority of the user's own may keep its list where only they can reach it.
    const configured = trust.trusted && trust.private === true
    const answer = await askThirdParty(context, url, { limit: longestList, clear: true, configured })
    const saying = 'problem' in answer ? answer : readAnswer(url, answer.value)
    lists.push({ url, saying })
    if ('value' in saying && saying.value.signed === true && saying.value.foreign === null && !saying.value.partial) break
  }
  return { sha256: certificate.sha256, urls, lists: urls.length === 0 && read.crlPoints.length > 0 ? null : lists, stapled }

  function readAnswer(url: string, { status, body }: { status: number; body: string }): Outcome<CrlSaying> {
    if (status !== 200) return silent(`${url} answers ${status}`)
    const value = read && readCrl(Buffer.from(body, 'latin1'), read, issuers)
    return value ? { value } : silent(`what is at ${url} is no revocation list`)
  }
}
