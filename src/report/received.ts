/** What `mailcheck reports` tells: the sums of each domain, who its sources are, what was found, and what could not be read. */
import type { ReportDigest, ReportedSource } from '../evaluate/report-digest.ts'
import type { SetAside } from '../syntax/received-report.ts'
import type { Report } from './report.ts'

export interface NamedSource extends ReportedSource {
  /** A name of the address that has the address in turn; null when nobody asked or there is none. */
  readonly name: string | null
  /** Whose service it is, by its name and by what it authenticates as; null when that is not known. */
  readonly provider: string | null
}

export interface ReceivedDomain {
  readonly digest: Omit<ReportDigest, 'sources'> & { readonly sources: readonly NamedSource[] }
  readonly report: Report
}

export interface ReceivedPage {
  /** Most messages first. */
  readonly domains: readonly ReceivedDomain[]
  readonly domainsOmitted: number
  readonly read: {
    readonly files: number
    /** Of the mailbox that was visited. */
    readonly messages: number
    /** That were not known before. */
    readonly reports: number
    /** That were read already, in this run or an earlier one. */
    readonly duplicates: number
  }
  readonly setAside: readonly SetAside[]
}

/** `1,204` */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `98.0 %`: what is not all is never said to be, and what is something is not nothing. */
export function share(part: number, of: number): string {
  if (of === 0 || part === of) return part === 0 ? '0 %' : '100 %'
  const tenths = Math.round(1000 * part / of)
  return part === 0 ? '0 %' : `${(Math.min(999, Math.max(1, tenths)) / 10).toFixed(1)} %`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** What the reports are about, in a line. */
export function coverage({ aggregate, tls, failures }: ReportDigest): string {
  const days = (from: string | null, to: string | null): string => {
    const [first, last] = [from?.slice(0, 10) ?? '', to?.slice(0, 10) ?? '']
    return first === last ? first : `${first} to ${last}`
  }
  const parts = [
    ...aggregate.reports === 0 ? [] : [`${plural(aggregate.reports, 'aggregate report')} by ${plural(aggregate.receivers.length, 'receiver')}, ${days(aggregate.from, aggregate.to)}`],
    ...tls.reports === 0 ? [] : [`${plural(tls.reports, 'TLS report')}, ${days(tls.from, tls.to)}`],
    ...failures.reports === 0 ? [] : [plural(failures.reports, 'failure report')],
  ]
  return parts.join('; ')
}

/** What a stricter policy would do, in a sentence; null where nothing is left to do. */
export function stricterWords({ policy, messages, stricter: { quarantine, reject, forwarded } }: ReportDigest): string | null {
  if (messages.total === 0) return null
  const now = policy?.p ?? null
  const part = (count: number): string => `${plural(count, 'message')} (${share(count, messages.total)})`
  const spared = forwarded > 0 ? `, ${grouped(forwarded)} of them forwarded` : ''
  if (messages.fail === 0) return `${now === null ? '' : `p=${now}; `}a stricter policy would have touched none of these messages`
  if (now === 'reject') return `p=reject; ${reject === 0 ? 'everything that fails was refused' : `${part(reject)} that fail were not refused${spared}`}`
  if (now === 'quarantine') return `p=quarantine; p=reject would have had ${part(reject)} refused${spared}`
  return `${now === null ? '' : `p=${now}; `}p=quarantine would have put aside ${part(quarantine)}, p=reject refused ${grouped(reject)}${spared}`
}

/** Who a source is, in words. */
export function sourceWords({ address, name, provider, isNew, from, signers, mailFrom, fail, forwarded }: NamedSource, domain: string): string[] {
  const others = [...new Set([...signers, ...mailFrom])].filter(one => one !== domain && !one.endsWith(`.${domain}`))
  const authors = from.filter(one => one !== domain)
  return [
    address, ...name === null ? [] : [name], ...provider === null ? [] : [provider], ...isNew === true ? ['new'] : [], ...fail > 0 && forwarded === fail ? ['forwarded'] : [],
    ...fail > 0 && others.length > 0 ? [`authenticates as ${others.slice(0, 3).join(', ')}`] : [], ...authors.length > 0 ? [`From ${authors.slice(0, 3).join(', ')}`] : [],
  ]
}

/** `in 3 files and 12 messages` */
export function placesRead({ files, messages }: ReceivedPage['read']): string {
  return [...files > 0 || messages === 0 ? [plural(files, 'file')] : [], ...messages > 0 ? [plural(messages, 'message')] : []].join(' and ')
}

/** Where something that was set aside stands. */
export function placeOf({ where, line }: SetAside): string {
  return line === null ? where : `${where}, line ${line}`
}

