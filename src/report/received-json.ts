/** Received reports for programs, and the JSON Schema (2020-12) of that. Public API: `mailcheck schema --received` prints it. */
import { severities } from '../checks/define.ts'
import { stringify } from './json.ts'
import type { ReceivedPage } from './received.ts'

const receivedSchemaName = 'mailcheck.received-reports/1'

export function renderReceivedJson({ domains, domainsOmitted, read, setAside }: ReceivedPage): string {
  return `${stringify({
    schema: receivedSchemaName,
    domains: domains.map(({ digest, report }) => ({
      ...digest,
      findings: report.findings.map(({ check, subject, verdict, severity, code, args, message, detail, evidence, remedy }) => ({ check, subject, verdict, severity, code, args, message, detail, evidence, remedy })),
    })),
    domainsOmitted, read, setAside,
  }, 2)}\n`
}

const text = { type: 'string' }
const textOrNull = { type: ['string', 'null'] }
const count = { type: 'integer', minimum: 0 }
const list = (items: object): object => ({ type: 'array', items })
const object = (properties: Readonly<Record<string, object>>): object =>
  ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })

export function receivedSchema(): object {
  const day = { ...text, pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'UTC' }
  const counts = {
    total: count, pass: { ...count, description: 'SPF or DKIM passed and is aligned' }, fail: count, spf: { ...count, description: 'aligned' }, dkim: { ...count, description: 'aligned' },
    delivered: count, quarantined: count, rejected: count,
  }
  const perDay = list(object({ day, count }))
  const time = { ...textOrNull, description: 'RFC 3339' }
  const source = object({
    address: text, ...counts, forwarded: count, first: day, last: day,
    isNew: { type: ['boolean', 'null'], description: 'no earlier run knew of it; null when there was none' },
    from: list(text), mailFrom: list(text), signers: list(text), failing: perDay,
    name: { ...textOrNull, description: 'a reverse name that has the address in turn; null also when nobody asked' }, provider: textOrNull,
  })
  const failureReport = object({
    kind: { const: 'failure' }, org: text, id: text, at: { type: ['integer', 'null'], description: 'seconds since 1970' }, domain: text, type: text, failure: textOrNull, source: textOrNull, result: textOrNull,
    signature: { anyOf: [object({ domain: text, selector: textOrNull }), { type: 'null' }] }, count,
  })
  const domain = object({
    domain: { ...text, description: 'lower case A-labels, without final dot' },
    aggregate: object({ reports: count, receivers: list(text), from: time, to: time, days: list(object({ day, messages: count })) }),
    policy: { anyOf: [object({ p: textOrNull, sp: textOrNull, np: textOrNull, pct: { type: ['integer', 'null'] }, testing: { type: 'boolean' } }), { type: 'null' }], description: 'by the latest report' },
    messages: object(counts),
    stricter: object({ quarantine: { ...count, description: 'messages that p=quarantine would newly put aside' }, reject: { ...count, description: 'messages that p=reject would newly refuse' }, forwarded: count }),
    sources: { ...list(source), description: 'most messages first' }, sourcesOmitted: count,
    selectors: list(object({ domain: text, selector: text, messages: count, last: day })),
    tls: object({
      reports: count, from: time, to: time, success: count, failure: count,
      failures: list(object({ host: text, type: text, count, policies: list(text), receivers: list(text), days: perDay, reason: textOrNull })),
    }),
    failures: object({ reports: count, latest: list(failureReport) }),
    findings: list(object({
      check: text, subject: text, verdict: { enum: ['pass', 'fail', 'skip', 'unknown'] }, severity: { enum: severities }, code: textOrNull, args: { type: 'object' },
      message: text, detail: textOrNull, evidence: { type: 'array' }, remedy: { type: ['object', 'null'] },
    })),
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'mailcheck reports --json',
    ...object({
      schema: { const: receivedSchemaName }, domains: list(domain), domainsOmitted: count, read: object({ files: count, messages: { ...count, description: 'of the mailbox of --account' }, reports: count, duplicates: count }),
      setAside: list(object({ where: text, line: { type: ['integer', 'null'], minimum: 1 }, reason: text })),
    }),
  }
}
