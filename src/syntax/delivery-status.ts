/**
 * Reports of delivery (RFC 3464, in a multipart/report of RFC 6522): what became of a message, for each recipient: failed, delayed,
 * delivered, relayed or expanded; with an enhanced code (RFC 3463) and what the next server said. Behind it stands the message
 * itself or its header, by which a sender knows which one it was.
 */
import { parseMailDate } from './received.ts'

export interface DeliveryStatus {
  /** What the sender named the envelope (ENVID, RFC 3461 §4.4); null where the report does not repeat it. */
  readonly envelope: string | null
  /** Who reports, lower case. */
  readonly reportedBy: string | null
  readonly recipients: readonly RecipientStatus[]
}

export interface RecipientStatus {
  /** The address that mail was sent to, as far as the report tells: the original one first. */
  readonly address: string
  /** Lower case: `failed`, `delayed`, `delivered`, `relayed`, `expanded`. */
  readonly action: string
  /** `5.1.1`; null for what is no code. */
  readonly status: string | null
  /** The words of the server that would not take it. */
  readonly diagnostic: string | null
  /** That server. */
  readonly remote: string | null
  readonly lastTried: Date | null
}

const longest = 512 * 1024
const mostParts = 50
const mostRecipients = 200

/** The report in a message, one character an octet; null where there is none. Never throws. */
export function parseDeliveryStatus(message: string): DeliveryStatus | null {
  const part = partOfType(message.slice(0, longest), 'message/delivery-status', 0)
    ?? partOfType(message.slice(0, longest), 'message/global-delivery-status', 0) // RFC 6533
  if (part === null) return null
  const [first = '', ...rest] = part.split(/\r\n(?:[ \t]*\r\n)+/).filter(block => block.trim() !== '')
  const perMessage = fieldsIn(first)
  const typed = (text: string | undefined): string | null => text === undefined ? null : text.replace(/^[^;]*;\s*/, '').trim()
  const recipients = rest.slice(0, mostRecipients).flatMap((block): RecipientStatus[] => {
    const fields = fieldsIn(block)
    const address = typed(fields.get('original-recipient')) ?? typed(fields.get('final-recipient'))
    const action = /^[a-z]+/.exec(fields.get('action')?.toLowerCase() ?? '')?.[0]
    if (address === null || action === undefined) return []
    return [{
      address, action, status: /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null,
      diagnostic: typed(fields.get('diagnostic-code')), remote: typed(fields.get('remote-mta'))?.toLowerCase() ?? null,
      lastTried: parseMailDate(fields.get('last-attempt-date') ?? ''),
    }]
  })
  return { envelope: perMessage.get('original-envelope-id') ?? null, reportedBy: typed(perMessage.get('reporting-mta'))?.toLowerCase() ?? null, recipients }
}

/** Unfolded values by name in lower case, the first of each. */
function fieldsIn(block: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const line of block.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? []
    if (name !== undefined && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), value.trim())
  }
  return found
}

/** The body of the first part of this type, in multiparts within multiparts. */
function partOfType(entity: string, wanted: string, depth: number): string | null {
  const end = entity.startsWith('\r\n') ? 0 : entity.indexOf('\r\n\r\n')
  const header = end < 0 ? entity : entity.slice(0, end)
  const body = end < 0 ? '' : entity.slice(end === 0 ? 2 : end + 4)
  const type = fieldsIn(header).get('content-type') ?? 'text/plain'
  if (type.toLowerCase().startsWith(wanted)) return body
  if (!/^multipart\//i.test(type) || depth === 4) return null
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(type)
  const delimiter = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`
  if (delimiter === '--') return null
  const pieces = `\r\n${body}`.split(`\r\n${delimiter}`).slice(1, mostParts)
  for (const piece of pieces) {
    if (piece.startsWith('--')) break
    const start = piece.indexOf('\r\n')
    const found = start < 0 ? null : partOfType(piece.slice(start + 2), wanted, depth + 1)
    if (found !== null) return found
  }
  return null
}
