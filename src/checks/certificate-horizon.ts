/**
 * How much of a certificate's life is left. A fixed number of days is wrong for certificates that live six days or ninety,
 * so each limit is the lesser of a number of days and a share of the lifetime.
 */
import type { CertificateInfo } from '../syntax/certificate.ts'
import { fail, pass, skip, type Evidence, type Fail, type Pass, type Skip } from './define.ts'
import { certificateLine, timestamp } from './served-chain.ts'

const hour = 3_600_000
const day = 24 * hour

export interface Limit {
  /** Days. */
  readonly days: number
  /** Of the lifetime: 4 stands for a quarter. */
  readonly share: number
}

/** The three limits, mildest first. */
export const limits = {
  soon: { days: 30, share: 4 },
  late: { days: 14, share: 10 },
  imminent: { days: 3, share: 20 },
} as const satisfies Record<string, Limit>

/** The certificate that ends first; undefined for none. */
export function firstToEnd(certificates: readonly CertificateInfo[]): CertificateInfo | undefined {
  return certificates.toSorted((a, b) => a.notAfter.getTime() - b.notAfter.getTime())[0]
}

/** From when on all of them are valid; undefined for none. */
export function lastToBegin(certificates: readonly CertificateInfo[]): CertificateInfo | undefined {
  return certificates.toSorted((a, b) => b.notBefore.getTime() - a.notBefore.getTime())[0]
}

/** Milliseconds that must be left of this certificate. */
export function required({ notBefore, notAfter }: Pick<CertificateInfo, 'notBefore' | 'notAfter'>, { days, share }: Limit): number {
  return Math.min(days * day, (notAfter.getTime() - notBefore.getTime()) / share)
}

export interface HorizonArgs {
  readonly endpoint: string
  readonly date: string
  readonly remaining: string
}

/** Is enough left at `now` (RFC 3339) of the certificate that ends first? */
export function judgeHorizon(
  endpoint: string, certificates: readonly CertificateInfo[], now: string, limit: Limit,
): Pass | Skip | Fail<'failed', HorizonArgs> {
  const first = firstToEnd(certificates)
  if (!first) return skip('there is no certificate that can be read')
  const left = first.notAfter.getTime() - Date.parse(now)
  if (left >= required(first, limit)) return pass
  const evidence: Evidence = { from: 'session', endpoint, line: certificateLine(first) }
  return fail('failed', { endpoint, date: timestamp(first.notAfter), remaining: inWords(left) }, evidence)
}

/** `12 days`, `36 hours`; `-2 days` for what is past. */
export function inWords(milliseconds: number): string {
  const unit = Math.abs(milliseconds) < 3 * day ? hour : day
  const amount = Math.trunc(milliseconds / unit)
  return `${amount} ${unit === hour ? 'hour' : 'day'}${Math.abs(amount) === 1 ? '' : 's'}`
}
