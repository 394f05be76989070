/** Do the domains that a sender authenticates belong to the domain in From? By RFC 9989 and by RFC 7489. */
import type { Failure } from '../network/network.ts'
import type { DmarcNames } from '../probes/dmarc.ts'
import type { SenderIdentity } from '../probes/sender-identities.ts'
import type { DmarcRecord } from '../syntax/dmarc.ts'
import { organizationByWalk } from './dmarc-record.ts'

/** Null when a question was not answered that it depends on. */
export interface Aligned {
  readonly walk: boolean | null
  readonly list: boolean
}

/** By SPF or by DKIM. */
export function alignedBy(own: DmarcNames, record: DmarcRecord, { mailFrom, dkim }: SenderIdentity, names: readonly DmarcNames[]): Aligned {
  const spf = align(own, mailFrom, record.aspf, names)
  const signature = align(own, dkim, record.adkim, names)
  const walk = spf.walk === true || signature.walk === true ? true : spf.walk === null || signature.walk === null ? null : false
  return { walk, list: spf.list || signature.list }
}

/** Each by itself, as RFC 9989 has it. */
export function mechanismsAligned(
  own: DmarcNames, record: DmarcRecord, { mailFrom, dkim }: SenderIdentity, names: readonly DmarcNames[],
): { readonly spf: boolean | null; readonly signature: boolean | null } {
  return { spf: align(own, mailFrom, record.aspf, names).walk, signature: align(own, dkim, record.adkim, names).walk }
}

/** What hides to whom these domains belong. */
export function firstFailure(names: readonly DmarcNames[]): Failure | undefined {
  const failed = names.flatMap(({ asked }) => asked).map(({ answer }) => answer).find(answer => 'problem' in answer)
  return failed && 'problem' in failed ? failed.problem : undefined
}

/** RFC 9989 §4.10.2, RFC 7489 §3.1. */
function align(own: DmarcNames, name: string | null, mode: 'r' | 's', names: readonly DmarcNames[]): Aligned {
  if (name === null) return { walk: false, list: false }
  if (name === own.domain || mode === 's') return { walk: name === own.domain, list: name === own.domain }
  const other = names.find(({ domain }) => domain === name)
  if (!other) return { walk: null, list: false }
  const [mine, theirs] = [organizationByWalk(own), organizationByWalk(other)]
  return {
    walk: 'value' in mine && 'value' in theirs ? mine.value === theirs.value : null,
    list: own.organizationalDomain === other.organizationalDomain,
  }
}
