/** A record as the user gives it, as octets: what a shell, a file or a zone file makes of it. */
import type { LintKind } from '../syntax/lint.ts'
import { parseData } from '../syntax/record-data.ts'

/** More than any record has, so that one that is too long is still told apart. */
const maxInput = 1024 * 1024

/** Arguments are text: their characters count as UTF-8. */
export function recordFromArgument(kind: LintKind, argument: string): string {
  return unquoted(kind, Buffer.from(argument).toString('latin1'))
}

/** Octets as they come, without the line end of the last line. */
export async function recordFromStdin(kind: LintKind): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    parts.push(part)
    length += part.length
    if (length > maxInput) break
  }
  const octets = Buffer.concat(parts).toString('latin1')
  return kind === 'mta-sts-policy' ? octets : unquoted(kind, octets.replace(/\r?\n$/, ''))
}

/** TXT data as a zone file has it, `"v=spf1 " "-all"`, is joined; what only begins like it is the record itself. */
function unquoted(kind: LintKind, text: string): string {
  if (kind === 'tlsa' || kind === 'mta-sts-policy' || kind === 'dkim-signature' || !/^\s*(?:\(\s*)?"/.test(text)) return text
  try {
    return parseData('TXT', text).strings.join('')
  } catch {
    return text
  }
}
