/** JSON Schema (2020-12) of what `mailcheck logs --json` prints. */
import { reasons } from '../syntax/log-reason.ts'
import { logPrograms } from '../syntax/mail-log.ts'
import { logsSchemaName } from './logs.ts'

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const seconds = { type: ['number', 'null'], description: 'seconds; null when there is none, or more than a day' }
const time = { type: ['string', 'null'], format: 'date-time' }
const object = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
const list = (items: object): object => ({ type: 'array', items })
const byReason = { type: 'object', propertyNames: { enum: reasons }, additionalProperties: count }

export function logsSchema(): object {
  const evidence = object({ file: text, line: { ...count, description: 'from 1; of a journal export, the entry' }, time: text, text })
  const finding = object({
    code: text, severity: { enum: ['critical', 'error', 'warning', 'notice'] }, message: text, remedy: text,
    about: { type: 'object', properties: { account: text, source: text, receiver: text, list: text, program: text }, additionalProperties: false },
    count, numbers: { type: 'object', additionalProperties: { type: 'number' } }, first: text, last: text, evidence: list({ $ref: '#/$defs/evidence' }),
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mailcheck logs',
    ...object({
      schema: { const: logsSchemaName }, files: list(text), names: { enum: ['hidden', 'shown'] }, from: time, to: time,
      lines: object({ total: count, known: count, unknown: count, cut: count, programs: object(Object.fromEntries(logPrograms.map(name => [name, object({ known: count, unknown: count })]))) }),
      findings: list({ $ref: '#/$defs/finding' }),
      logins: object({
        successes: count, failures: count,
        accounts: list(object({ account: text, failures: count, successes: count, sources: count })), sources: list(object({ source: text, failures: count, successes: count, accounts: count })),
      }),
      sending: object({ messages: count, accounts: list(object({ account: text, messages: count, recipients: count, failed: count, sources: count })) }),
      deliveries: object({
        sent: count, deferred: count, bounced: count, expired: count,
        delay: { oneOf: [{ type: 'null' }, object({ half: seconds, most: { ...seconds, description: 'of 19 of 20' }, longest: { type: 'number' } })] },
        tls: list(object({ version: text, count })), deferredBy: byReason, bouncedBy: byReason, codes: list(object({ code: text, count })),
        receivers: list(object({ receiver: text, sent: count, deferred: count, bounced: count, reasons: byReason })),
      }),
      refused: object({
        total: count, temporary: count, reasons: byReason, lists: list(object({ list: text, refused: count })),
        greylisting: object({ refused: count, messages: count, returned: count, half: seconds }),
      }),
      forgotten: { ...count, description: 'accounts, addresses and messages that were forgotten, because there were more than are kept' },
    }),
    $defs: { evidence, finding },
  }
}
