/** Does anybody insist on TLS to this domain, so that it matters whether somebody tells of failures? */
import type { MtaStsFacts } from '../probes/mta-sts.ts'
import type { MxFacts } from '../probes/mx.ts'
import type { MxHostTlsa } from '../probes/tlsa.ts'
import type { Outcome } from '../network/network.ts'
import { daneOf } from './dane.ts'
import { unknownBecause, type Unknown } from './define.ts'
import { appliedPolicy } from './mta-sts-policy.ts'

export type Enforcement = 'MTA-STS' | 'DANE' | 'MTA-STS with DANE' | 'none' | Unknown

interface Facts {
  readonly mx: Outcome<MxFacts>
  readonly mtaSts: Outcome<MtaStsFacts>
  readonly mxTlsa: Outcome<readonly MxHostTlsa[]>
}

/** `now` is RFC 3339. */
export function enforcementOf({ mx, mtaSts, mxTlsa }: Facts, now: string): Enforcement {
  const sts = announced(mtaSts, now)
  const dane = inForce(mx, mxTlsa)
  if (sts === true && dane === true) return 'MTA-STS with DANE'
  if (sts === true) return 'MTA-STS'
  if (dane === true) return 'DANE'
  return sts !== false ? sts : dane !== false ? dane : 'none'
}

/** A policy that is announced and cannot be had is one of the failures to hear of. */
function announced(mtaSts: Outcome<MtaStsFacts>, now: string): boolean | Unknown {
  if ('problem' in mtaSts) return unknownBecause(mtaSts.problem)
  if (mtaSts.value.records.length === 0) return false
  const policy = appliedPolicy(mtaSts.value, now)
  return 'verdict' in policy || policy.mode !== 'none'
}

/** A host of somebody else's may have TLSA records; only where the MX records are signed they are the domain's affair. */
function inForce(mx: Outcome<MxFacts>, mxTlsa: Outcome<readonly MxHostTlsa[]>): boolean | Unknown {
  if ('problem' in mx) return unknownBecause(mx.problem)
  if ('problem' in mxTlsa) return unknownBecause(mxTlsa.problem)
  if (mx.value.answer.adTrusted && !mx.value.answer.secure) return false
  const hosts = mxTlsa.value.map(daneOf)
  if (hosts.some(({ state }) => state === 'secure')) return true
  for (const dane of hosts) {
    if (dane.state === 'undecided') return dane.because
    if (dane.state === 'unanswered') return unknownBecause(dane.problem)
  }
  return false
}
