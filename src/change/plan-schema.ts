/** JSON Schema (2020-12) of what `plan --json` and `diff --json` print: the findings in them are those of reports. */
import type { Check } from '../checks/define.ts'
import { reportSchema } from '../report/schema.ts'
import { diffSchema, planSchema } from './plan-json.ts'

type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string' }
const natural: Schema = { type: 'integer', minimum: 0 }
const list = (items: Schema): Schema => ({ type: 'array', items })
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` })
const object = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object', properties, required: Object.keys(properties).filter(name => !optional.includes(name)), additionalProperties: false,
})

const place: Schema = {
  ...object({ file: text, line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 }, name: text, type: text }),
  description: 'where a planned record is written; --set and --delete stand for the command line',
}
const places = list(ref('place'))
const turn = object({
  kind: { enum: ['appeared', 'disappeared', 'worse', 'better'], description: 'appeared and worse are regressions' },
  finding: { ...ref('finding'), description: 'as it will be; for disappeared as it was' }, was: ref('finding'), causes: places,
}, ['was'])
const undecided: Schema = { ...object({ finding: ref('finding'), was: orNull(ref('finding')), causes: places }), description: 'a claim that can no longer be decided, or not yet' }
const addresses = object({ addresses: { ...text, description: 'how many: a decimal number, which may be too large for one of JSON' }, ranges: list(text) })
const families = object({ ipv4: addresses, ipv6: addresses })
const aligned: Schema = { enum: ['aligned', 'not-aligned', 'unknown'] }
const meaning = object({
  spf: orNull(object({ gained: families, lost: families, doubts: list(text), causes: places })),
  alignment: list(object({ sender: text, before: aligned, after: aligned, because: text, causes: places })),
  uncovered: list(object({ host: text, by: { enum: ['mta-sts', 'tlsa'] }, detail: text, causes: places })),
  selectors: list(object({ name: text, change: { enum: ['vanishes', 'appears', 'changes'] }, causes: places })),
  dangling: list(object({ name: text, type: text, text, target: text, causes: places })),
})

function schemaOf(checks: readonly Check[], title: string, document: Schema): Schema {
  const reports = reportSchema(checks)
  return {
    $schema: reports['$schema'], title, ...document,
    $defs: { ...reports['$defs'] as Schema, place, turn, undecided },
  }
}

export function planJsonSchema(checks: readonly Check[]): Schema {
  return schemaOf(checks, 'mailcheck plan', object({
    schema: { const: planSchema }, domain: text, before: ref('report'), after: ref('report'), changes: list(ref('turn')), undecided: list(ref('undecided')), meaning,
    steps: { ...list(object({ text, wait: { ...orNull(natural), description: 'seconds before the next step; null: none' }, places })), description: 'in their order; empty when all may be published at once' },
    sources: list(object({ file: text, format: { enum: ['bind', 'octodns', 'dnscontrol', 'terraform', 'flag'] }, records: natural })),
    notes: list(object({ place: ref('place'), message: text })),
    idle: { ...orNull(text), description: 'why the plan changes nothing of what was looked at; null when it changes something' },
  }))
}

export function diffJsonSchema(checks: readonly Check[]): Schema {
  const side = object({ startedAt: { type: 'string', format: 'date-time' }, counts: ref('counts') })
  return schemaOf(checks, 'mailcheck diff', object({
    schema: { const: diffSchema },
    domains: list(object({ domain: text, before: side, after: side, changes: list(ref('turn')), undecided: list(ref('undecided')) })),
  }))
}
