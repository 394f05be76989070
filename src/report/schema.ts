/** JSON Schema (2020-12) of what `--format json` prints, derived from the registry of checks. */
import { questions, severities, type Check } from '../checks/define.ts'
import { reasons } from '../reasons.ts'
import { reportsSchema } from './json.ts'

type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string' }
const texts: Schema = { type: 'array', items: text }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const object = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object', properties, required: Object.keys(properties).filter(name => !optional.includes(name)), additionalProperties: false,
})

export function reportSchema(checks: readonly Check[]): Schema {
  const natural: Schema = { type: 'integer', minimum: 0 }
  const counts = object({
    pass: natural, fail: object(Object.fromEntries(severities.map(severity => [severity, natural]))), skip: natural, unknown: natural,
  })
  const answer = object({
    answer: { enum: ['yes', 'partly', 'no', 'unknown'], description: '"yes" is the good answer to every question, also to "protect"' },
    summary: { ...text, description: 'one line for people' },
    counts: ref('counts'),
  })
  const tri = object({ value: { enum: ['yes', 'no', 'unknown'] }, because: text, reason: { enum: Object.keys(reasons) } }, ['reason'])
  const report = object({
    domain: { ...text, description: 'lower case A-labels, without final dot' },
    shownAs: { ...text, description: 'as the user typed it' },
    startedAt: { type: 'string', format: 'date-time' },
    mailcheck: { ...text, description: 'version' },
    context: orNull(object({ receiving: tri, sending: tri, parked: tri })),
    vantage: { ...texts, description: 'what stood between this place and the answers' },
    questions: object(Object.fromEntries(Object.entries(questions).map(([id, question]) => [id, { $ref: '#/$defs/answer', description: question }]))),
    counts: ref('counts'),
    findings: { type: 'array', items: ref('finding') },
    facts: { type: 'object', description: 'what was asked and answered; not part of the stable interface' },
    profile: { ...profile, description: 'the requirements of the profile of --profile' },
    waivers: { type: 'array', items: ref('waiver'), description: 'those of the configuration, in its order' },
    since: { ...since, description: 'what changed since the report of --since' },
  }, ['profile', 'waivers', 'since'])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mailcheck reports',
    ...object({ schema: { const: reportsSchema }, reports: { type: 'array', items: ref('report') } }),
    $defs: { report, counts, answer, finding: findingSchema(checks), evidence: { anyOf: evidence }, remedy, waiver, change },
  }
}

const date: Schema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }
const level: Schema = { enum: [...severities, 'none'] }
const profile = object({
  name: text, title: text, source: object({ title: text, date: text, url: text }, ['url']),
  requirements: {
    type: 'array', items: object({
      text, level, where: text, since: orNull(text), state: { enum: ['met', 'not-met', 'unknown', 'not-applicable', 'not-judged'] }, checks: texts, because: texts,
    }),
  },
})
const waived = object({ reason: text, owner: orNull(text), until: orNull(date) })
const waiver = object({
  check: text, subject: text, reason: text, owner: orNull(text), until: orNull({ ...date, description: 'the last day' }), at: { ...text, description: 'file:line:column' },
  state: { enum: ['used', 'unused', 'expired', 'not-judged'], description: 'not-judged: some of what it speaks of was left out of this run' },
  findings: { type: 'integer', minimum: 0, description: 'that it covers or, when it has expired, would cover' },
})
const change = object({
  check: text, subject: text, code: orNull(text), severity: { enum: severities }, message: text,
  other: { enum: ['pass', 'fail', 'skip', 'unknown', 'gone'], description: 'the verdict in the other report; gone: it has no such subject' },
})
const changes: Schema = { type: 'array', items: { $ref: '#/$defs/change' } }
const since = object({ startedAt: { type: 'string', format: 'date-time' }, appeared: changes, disappeared: changes })

function findingSchema(checks: readonly Check[]): Schema {
  const arg: Schema = { anyOf: [{ type: ['string', 'number', 'boolean', 'null'] }, { type: 'array', items: { type: ['string', 'number'] } }] }
  return {
    ...object({
      domain: text,
      check: { enum: checks.map(({ id }) => id) },
      subject: { ...text, description: 'the domain, a host, an endpoint "host[address]:port", a selector, an address or a zone' },
      verdict: { enum: ['pass', 'fail', 'skip', 'unknown'] },
      severity: { enum: severities },
      question: { enum: Object.keys(questions) },
      code: { ...orNull(text), description: 'of the message for fail, the reason for unknown, null for pass' },
      args: { type: 'object', additionalProperties: arg, description: 'the values of the message’s placeholders' },
      detail: orNull(text),
      evidence: { type: 'array', items: ref('evidence') },
      remedy: orNull(ref('remedy')),
      deferredTo: { ...text, description: 'the check whose finding explains this one' },
      message: { ...text, description: 'for people; the title of the check unless it fails' },
      waived: { ...waived, description: 'by a waiver of the configuration: it does not count for the exit status' },
      profile: { ...object({ name: text, level }), description: 'the level by the profile; only --fail-on reads it' },
      baseline: { const: true, description: 'it was there in the report of --baseline: it does not count for the exit status' },
    }, ['deferredTo', 'waived', 'profile', 'baseline']),
    allOf: [
      when({ verdict: { const: 'pass' } }, { code: { type: 'null' } }),
      when({ verdict: { const: 'skip' } }, { code: { enum: ['not-applicable', 'needs-flag', 'deferred'] } }),
      when({ verdict: { const: 'unknown' } }, { code: { enum: Object.keys(reasons) } }),
      ...checks.map(({ id, severity, question, messages }) => when(
        { check: { const: id } },
        { severity: { const: severity }, question: { const: question } },
        when({ verdict: { const: 'fail' } }, { code: { enum: Object.keys(messages) } }))),
    ],
  }
}

const obtainedAt: Schema = { ...text, format: 'date-time', description: 'when it was seen, if that was before the run' }

const evidence: readonly Schema[] = [
  object({
    from: { const: 'dns' }, name: text, type: text, text: { ...text, description: 'in presentation format' },
    ttl: { type: ['integer', 'null'] }, at: { type: 'integer', description: 'offset in octets of the joined text' }, obtainedAt,
  }, ['at', 'obtainedAt']),
  object({ from: { const: 'session' }, endpoint: text, line: text, obtainedAt }, ['obtainedAt']),
  object({ from: { const: 'https' }, url: text, line: text, obtainedAt }, ['obtainedAt']),
]

const remedy = object({ text, records: object({ set: texts, remove: texts }, ['set', 'remove']) }, ['records'])

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` }
}

function when(condition: Readonly<Record<string, Schema>>, then: Readonly<Record<string, Schema>>, also?: Schema): Schema {
  return { if: { properties: condition }, then: also ? { properties: then, ...also } : { properties: then } }
}
