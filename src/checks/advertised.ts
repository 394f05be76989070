/** What SRV records and set-up files advertise, in the words of a report. */
import type { Answer, Outcome } from '../network/network.ts'
import type { Advertised } from '../probes/published-servers.ts'
import type { AdvertisedMode } from '../syntax/advertised-server.ts'
import type { Evidence } from './define.ts'
import { recordSeen } from './evidence.ts'

type SrvAnswers = Readonly<Record<string, Outcome<Answer<'SRV'>>>>

const modes: Readonly<Record<AdvertisedMode, string>> = { implicit: 'implicit TLS', starttls: 'STARTTLS', plain: 'no TLS' }
const socketTypes: Readonly<Record<AdvertisedMode, string>> = { implicit: 'SSL', starttls: 'STARTTLS', plain: 'plain' }

export function modeWords(mode: AdvertisedMode): string {
  return modes[mode]
}

/** `SRV _imaps._tcp.example.com`, `autoconfig`. */
export function sourceWords({ source, place }: Pick<Advertised, 'source' | 'place'>): string {
  return source === 'srv' ? `SRV ${place}` : source
}

/** The record, or the lines of the file in one. */
export function advertisedSeen({ source, place, service, host, port, mode }: Advertised, srv: SrvAnswers): Evidence {
  const answer = srv[place]
  const record = source === 'srv' && answer && 'value' in answer
    ? answer.value.records.find(({ data }) => data.target === host && data.port === port) : undefined
  return record ? recordSeen(record) : { from: 'https', url: place, line: `${service}: ${host}, port ${port}, ${socketTypes[mode]}` }
}
