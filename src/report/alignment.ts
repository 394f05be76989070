/** Of each declared sender, whether its mail passes DMARC: by SPF or by DKIM, for a domain that belongs to the one in From. */
import { mechanismsAligned } from '../checks/dmarc-alignment.ts'
import { recordOf } from '../checks/dmarc-record.ts'
import type { DmarcFacts } from '../probes/dmarc.ts'
import type { DeclaredSender } from '../probes/senders.ts'
import type { SenderIdentities } from '../probes/sender-identities.ts'
import type { Report } from './report.ts'

export interface SenderState {
  readonly sender: string
  readonly aligned: 'aligned' | 'not-aligned' | 'unknown'
  /** By what it passes, or why it does not. */
  readonly because: string
}

/** None where the senders were not looked at, or no record says how to align. */
export function senderStates(_domain: string, { facts }: Pick<Report, 'facts'>): SenderState[] {
  const { dmarc, senderIdentities, declaredSenders } = facts as Partial<{ dmarc: DmarcFacts; senderIdentities: SenderIdentities; declaredSenders: readonly DeclaredSender[] }>
  if (!dmarc || !('domain' in dmarc) || !senderIdentities || !('senders' in senderIdentities)) return []
  const found = recordOf(dmarc)
  if ('verdict' in found) return []
  const passes = new Map(Array.isArray(declaredSenders) ? (declaredSenders as readonly DeclaredSender[]).map(({ name, verdict }) => [name, verdict.result]) : [])
  return senderIdentities.senders.map((identity): SenderState => {
    const { spf, signature } = mechanismsAligned(dmarc, found.record, identity, senderIdentities.names)
    const { address, mailFrom, dkim } = identity
    const result = passes.get(address)
    if (signature === true) return { sender: address, aligned: 'aligned', because: `DKIM with d=${dkim ?? ''}` }
    if (spf === true && result === 'pass') return { sender: address, aligned: 'aligned', because: `SPF of ${mailFrom ?? ''}` }
    if (spf === null || signature === null || (spf && (result === undefined || result === 'temperror'))) return { sender: address, aligned: 'unknown', because: 'not everything was answered' }
    if (spf) return { sender: address, aligned: 'not-aligned', because: `SPF of ${mailFrom ?? ''} gives ${result ?? 'nothing'}` }
    return { sender: address, aligned: 'not-aligned', because: `neither ${mailFrom ?? 'MAIL FROM'} nor ${dkim ?? 'a DKIM signature'} aligns` }
  })
}
