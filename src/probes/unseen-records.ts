/**
 * Records that the resolver does not show, though all name servers of the zone have them: an old denial in its cache, or a view
 * of the DNS that only this network has. The name servers are asked only where the resolver finds nothing.
 */
import { isDmarc } from '../syntax/dmarc.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { isSpf } from '../syntax/spf.ts'
import type { ProbeContext } from './index.ts'
import type { ServedRecords } from './served-records.ts'

export interface UnseenRecord {
  /** As the zone’s own servers have it. */
  readonly record: DnsRecord
  /** Those that said so: `ns1.example.com (192.0.2.53)`. */
  readonly servers: readonly string[]
}

/** Null: the resolver shows one, or not every server that answers has one. */
export async function probeUnseenMx({ facts }: ProbeContext): Promise<UnseenRecord | null> {
  const { implicit } = await facts.get('mx')
  return implicit ? unseen(await facts.get('servedRecords'), ({ mx }) => ('value' in mx ? mx.value.records : null)) : null
}

export async function probeUnseenSpf({ facts }: ProbeContext): Promise<UnseenRecord | null> {
  const { records } = await facts.get('spf')
  return records.length > 0 ? null : unseen(await facts.get('servedRecords'), ({ txt }) =>
    ('value' in txt ? txt.value.records.filter(record => isSpf(joinedText(record))) : null))
}

/** At the domain itself; what stands above it is another zone’s, or comes with it. */
export async function probeUnseenDmarc({ facts, scope: { domain } }: ProbeContext): Promise<UnseenRecord | null> {
  const { asked } = await facts.get('dmarc')
  const own = asked.find(({ name }) => name === `_dmarc.${domain}`)?.answer
  if (!own || 'problem' in own || own.value.records.some(record => isDmarc(joinedText(record)))) return null
  return unseen(await facts.get('servedRecords'), ({ dmarc }) =>
    ('value' in dmarc ? dmarc.value.records.filter(record => isDmarc(joinedText(record))) : null))
}

function unseen(served: readonly ServedRecords[], of: (server: ServedRecords) => readonly DnsRecord[] | null): UnseenRecord | null {
  const answers = served.flatMap(server => {
    const records = of(server)
    return records ? [{ server: `${server.host} (${server.address})`, record: records[0] }] : []
  })
  const [first] = answers
  return first?.record && answers.every(({ record }) => record) ? { record: first.record, servers: answers.map(({ server }) => server) } : null
}
