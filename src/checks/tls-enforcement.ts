/** Does anybody insist on TLS to this domain, so that it matters whether somebody tells of failures? */
import type { MtaStsFacts } from '../probes/mta-sts.ts'
import type { MxHostTlsa } from '../probes/tlsa.ts'
import type { Outcome } from '../network/network.ts'
import { daneOf } from './dane.ts'
import { unknownBecause, type Unknown } from './define.ts'
import { appliedPolicy } from './mta-sts-policy.ts'

export type Enforcement = 'MTA-STS' | 'DANE' | 'MTA-STS with DANE' | 'none' | Unknown

export function enforcementOf(mtaSts: Outcome<MtaStsFacts>, mxTlsa: Outcome<readonly MxHostTlsa[]>, now: string): Enforcement {
  const sts = announced(mtaSts, now)
  const dane = inForce(mxTlsa)
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

function inForce(mxTlsa: Outcome<readonly MxHostTlsa[]>): boolean | Unknown {
  if ('problem' in mxTlsa) return unknownBecause(mxTlsa.problem)
  const hosts = mxTlsa.value.map(daneOf)
  if (hosts.some(({ state }) => state === 'secure')) return true
  for (const dane of hosts) {
    if (dane.state === 'undecided') return dane.because
    if (dane.state === 'unanswered') return unknownBecause(dane.problem)
  }
  return false
}
