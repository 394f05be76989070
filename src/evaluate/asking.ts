/**
 * Algorithms over DNS that do no I/O themselves: generators that yield questions, are handed what came of each in the same
 * order, and return. What was asked is noted as it goes, for a trace that people can read.
 */
import type { Answer, Outcome, Question } from '../network/network.ts'
import { joinedText, type DnsRecord, type RecordType } from '../syntax/record.ts'

/** The questions that are yielded together may be asked together. */
export type Asking<R> = Generator<readonly Question[], R, readonly Outcome<Answer>[]>

export interface Asked {
  readonly name: string
  readonly type: RecordType
  /** Null when no answer came that says anything. */
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | null
  /** As a zone file has them; the strings of a TXT record joined and without quotes. */
  readonly records: readonly string[]
  /** Where aliases led. */
  readonly alias?: string
  /** Why there is no answer. */
  readonly problem?: string
}

/** One question; what came of it is added to `asked`. */
export function* ask<T extends RecordType>(asked: Asked[], name: string, type: T): Asking<Outcome<Answer<T>>> {
  const [outcome] = yield* askAll(asked, [{ name, type }])
  return outcome ?? lost
}

/** As many outcomes as questions. */
export function* askAll<T extends RecordType>(asked: Asked[], questions: readonly Question<T>[]): Asking<readonly Outcome<Answer<T>>[]> {
  const outcomes = yield questions
  return questions.map((question, i) => {
    const outcome = outcomes[i] ?? lost
    asked.push(told(question, outcome))
    return outcome as Outcome<Answer<T>>
  })
}

const lost: Outcome<never> = { problem: { event: 'unavailable', reason: 'not-recorded', detail: 'no answer was handed over' } }

export function told({ name, type }: Question, outcome: Outcome<Answer>): Asked {
  if ('problem' in outcome) return { name, type, rcode: null, records: [], problem: outcome.problem.detail }
  const { rcode, records, aliases } = outcome.value
  const alias = aliases.at(-1)?.data.target
  return { name, type, rcode, records: records.map(record => isText(record) ? joinedText(record) : record.text), ...(alias === undefined ? {} : { alias }) }
}

function isText(record: DnsRecord): record is DnsRecord<'TXT'> {
  return record.type === 'TXT'
}
