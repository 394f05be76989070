import { fieldsNamed, longestLine, type Message, type MessageProblemCode } from '../../syntax/message.ts'
import { parseMailDate } from '../../syntax/received.ts'
import { defineCheck, fail, passed, skip, type Evidence } from '../define.ts'
import { fieldSeen, lineSeen } from '../message-seen.ts'

interface Fault {
  readonly field: string
  readonly why: string
  readonly evidence: readonly Evidence[]
}

export default defineCheck({
  id: 'message/header-well-formed',
  title: 'The header is one that every receiver reads in the same way',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 5322 §2.1.1', 'RFC 5322 §3.6'],
  needs: ['message'],
  requires: 'message',
  judge(_, { message: facts }) {
    if (!facts) return skip('no message was given')
    const faults = faultsOf(facts.message)
    const [first] = faults
    if (!first) return passed(...[...fieldsNamed(facts.message.fields, 'From'), ...fieldsNamed(facts.message.fields, 'Date')].map(fieldSeen))
    return fail('failed', { field: first.field, why: first.why, count: faults.length }, ...faults.slice(0, 12).flatMap(({ evidence }) => evidence.slice(0, 4)))
  },
  messages: { failed: '{field}: {why}' },
  explain: `What one program reads as the sender another reads as something else, which is how filters are evaded: receivers refuse
    malformed messages, or put them into the junk folder.`,
  remedy: (_, __, { field }) => ({ text: `Correct the program that writes ${String(field)}, or have your server refuse what it sends.` }),
})

/** RFC 5322 §3.6: the least and the most of each; from and date must be there. */
const limits: readonly (readonly [name: string, least: number, most: number])[] = [
  ['From', 1, 1], ['Date', 1, 1], ['Message-ID', 0, 1], ['Sender', 0, 1], ['Reply-To', 0, 1], ['To', 0, 1], ['Cc', 0, 1], ['Subject', 0, 1], ['In-Reply-To', 0, 1], ['References', 0, 1],
]

const inWords: Readonly<Record<MessageProblemCode, string>> = {
  'no-header': 'there is no header',
  'not-a-field': 'this line of the header is no field',
  'header-too-long': 'the header is longer than a megabyte',
  'too-many-fields': 'the header has thousands of fields',
  nul: 'it holds NUL octets',
  'bare-line-end': 'a CR or LF stands by itself, which servers take for different things',
  'long-line': `it is longer than ${longestLine} octets`,
}

function faultsOf({ fields, problems }: Message): Fault[] {
  const start = fields[0] ? fieldSeen(fields[0]) : lineSeen(1, '(no field)')
  const counted = limits.flatMap(([name, least, most]): Fault[] => {
    const own = fieldsNamed(fields, name)
    if (own.length >= least && own.length <= most) return []
    return [{ field: name, why: own.length === 0 ? 'the field is missing' : `the field stands ${own.length} times`, evidence: own.length === 0 ? [start] : own.map(fieldSeen) }]
  })
  const dates = fieldsNamed(fields, 'Date').filter(({ value }) => parseMailDate(value) === null)
    .map((field): Fault => ({ field: 'Date', why: 'this is no date', evidence: [fieldSeen(field)] }))
  return [
    ...counted, ...dates,
    ...problems.map(({ code, line, count }): Fault =>
      ({ field: `line ${line}${count > 1 ? ` and ${count - 1} more` : ''}`, why: inWords[code], evidence: [lineSeen(line, `(${inWords[code]})`)] })),
  ]
}
