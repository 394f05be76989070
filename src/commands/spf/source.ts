/** Which SPF record is meant: one given on the command line, one in a file, or that of a domain. */
import { readFileSync, statSync } from 'node:fs'
import type { SpfSource } from '../../evaluate/spf-set.ts'
import { parseDomain } from '../../syntax/domain.ts'
import { parseData } from '../../syntax/record.ts'
import { isSpf } from '../../syntax/spf.ts'
import { fileError } from '../file-error.ts'
import { UsageError } from '../usage-error.ts'

/** Throws `UsageError`. A file goes before a domain of the same name; a final dot makes it the domain. */
export function readSource(text: string): SpfSource {
  const record = unquoted(Buffer.from(text.trim()).toString('latin1'))
  if (isSpf(record)) return { domain: null, record }
  if (statSync(text, { throwIfNoEntry: false })?.isFile()) return { domain: null, record: readRecord(text) }
  const parsed = parseDomain(text)
  if ('error' in parsed) throw new UsageError(`${JSON.stringify(text.slice(0, 80))} is no SPF record ("v=spf1 …"), no file, and no domain: ${parsed.error}`)
  return { domain: parsed.domain }
}

function readRecord(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${fileError(error)}`)
  }
  const record = unquoted(text.trim())
  if (!isSpf(record)) throw new UsageError(`${file} holds no SPF record: it begins with "v=spf1", or with that in quotation marks`)
  return record
}

/** TXT data as a zone file has it, `"v=spf1 …" "…"`, is joined. */
function unquoted(text: string): string {
  if (!/^(?:\(\s*)?"/.test(text)) return text
  try {
    return parseData('TXT', text).strings.join('')
  } catch {
    return text
  }
}
