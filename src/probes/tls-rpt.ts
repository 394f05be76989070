/**
 * TLS-RPT (RFC 8460 §3): the TXT record at _smtp._tls.DOMAIN names where senders report how their TLS connections fared, by
 * mail or by HTTPS. A report that has nowhere to go is lost, so the way there is asked as well.
 */
import type { Answer } from '../network/network.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { isTlsRpt, parseTlsRpt } from '../syntax/tls-rpt.ts'
import type { ProbeContext } from './index.ts'
import { probePage, type PageFacts } from './page.ts'
import { probeDestination, type ReportDestination } from './report-destinations.ts'

export interface TlsRptFacts {
  /** `_smtp._tls.example.com` */
  readonly name: string
  readonly answer: Answer<'TXT'>
  /** The TXT records that begin "v=TLSRPTv1;" (§3). */
  readonly records: readonly DnsRecord<'TXT'>[]
  /** The hosts of the record's mailto URIs. */
  readonly mailboxes: readonly ReportDestination[]
  /** The front page of the hosts of its https URIs: a report is only for who has one to send. */
  readonly collectors: readonly PageFacts[]
}

/** More than anybody has, and few enough to ask for. */
const mostHosts = 10

export async function probeTlsRpt(context: ProbeContext): Promise<TlsRptFacts> {
  const name = `_smtp._tls.${context.scope.domain}`
  const answer = await context.network.query({ name, type: 'TXT' })
  const records = answer.records.filter(record => isTlsRpt(joinedText(record)))
  const [record, second] = records
  const rua = record && !second ? parseTlsRpt(joinedText(record)).rua : []
  const hosts = new Set(rua.flatMap(({ scheme, host }) => scheme === 'mailto' && host !== null ? [host] : []))
  const pages = new Map(rua.flatMap(({ scheme, host, uri }) => scheme === 'https' && host !== null && URL.canParse(uri) ? [[new URL('/', uri).href, host] as const] : []))
  const [mailboxes, collectors] = await Promise.all([
    Promise.all([...hosts].slice(0, mostHosts).map(host => probeDestination(context, host))),
    Promise.all([...pages].slice(0, mostHosts).map(([url, host]) => probePage(context, url, host))),
  ])
  return { name, answer, records, mailboxes, collectors }
}
