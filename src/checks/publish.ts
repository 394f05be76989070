/** Records to publish, as lines of a zone file. */
import { formatData } from '../syntax/record.ts'

/** A TXT record, split into strings of at most 255 octets (RFC 1035 §3.3). */
export function txtLine(name: string, text: string): string {
  return `${name}. TXT ${formatData('TXT', { strings: text.match(/[^]{1,255}/g) ?? [''] })}`
}
