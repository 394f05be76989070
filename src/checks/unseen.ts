/** Before something is called missing: do the zone’s own servers have it, whatever the resolver here says? */
import type { Outcome } from '../network/network.ts'
import type { UnseenRecord } from '../probes/unseen-records.ts'
import { unknown, type Unknown } from './define.ts'

/** Null: they have not, or could not be asked. */
export function shownElsewhere(unseen: Outcome<UnseenRecord | null>): Unknown | null {
  const found = 'value' in unseen ? unseen.value : null
  return found && unknown('split-view', `the resolver shows no ${found.record.type} record of the kind, but ${found.servers[0] ?? 'its name server'} has ${found.record.text}`)
}
