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

/** What came of the only question of a `yield`, added to `asked`. */
export function answerTo<T extends RecordType>(question: Question<T>, outcomes: readonly Outcome<Answer>[], asked: Asked[]): Outcome<Answer<T>> {
  const outcome = outcomes[0] ?? lost
  asked.push(told(question, outcome))
  return outcome as Outcome<Answer<T>>
}

/** What came of all of them: as many outcomes as questions. */
export function answersTo<T extends RecordType>(questions: readonly Question<T>[], outcomes: readonly Outcome<Answer>[], asked: Asked[]): readonly Outcome<Answer<T>>[] {
  return questions.map((question, i) => answerTo(question, outcomes.slice(i, i + 1), asked))
}

/** One question, for whom a generator more does not matter. */
export function* ask<T extends RecordType>(asked: Asked[], name: string, type: T): Asking<Outcome<Answer<T>>> {
  const question = { name, type }
  return answerTo(question, yield [question], asked)
}

const lost: Outcome<never> = { problem: { event: 'unavailable', reason: 'not-recorded', detail: 'no answer was handed over' } }

export function told({ name, type }: Question, outcome: Outcome<Answer>): Asked {
  if ('problem' in outcome) return { name, type, rcode: null, records: [], problem: outcome.problem.detail }
  const { rcode, records, aliases } = outcome.value
  const texts = records.map(record => isText(record) ? joinedText(record) : record.text)
  const alias = aliases.at(-1)
  return alias ? { name, type, rcode, records: texts, alias: alias.data.target } : { name, type, rcode, records: texts }
}

function isText(record: DnsRecord): record is DnsRecord<'TXT'> {
  return record.type === 'TXT'
}
