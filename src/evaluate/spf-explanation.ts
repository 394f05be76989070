/** The text that a domain has its rejections explained with (RFC 7208 §6.2). Whatever goes wrong on the way, there is just none. */
import { joinedText } from '../syntax/record.ts'
import { parseMacroString, type SpfDomain } from '../syntax/spf-macro.ts'
import type { DomainModifier } from '../syntax/spf.ts'
import { answerTo, type Asked, type Asking } from './asking.ts'
import { expand, targetOf, type SpfEvaluation } from './spf-evaluation.ts'
import type { SpfStep } from './spf-trace.ts'

export interface SpfExplanation {
  readonly text: string | null
  readonly step: SpfStep
}

/** `domain` is the current one: that of the record which `exp` stands in. */
export function* explain(evaluation: SpfEvaluation, exp: DomainModifier, domain: SpfDomain): Asking<SpfExplanation> {
  const asked: Asked[] = []
  const target = yield* targetOf(evaluation, exp.domain, domain, asked, false)
  const place = { term: exp.text, at: exp.at, asked, ...('unusable' in target ? {} : { target: target.text }) }
  const ignored = (because: string): SpfExplanation => ({ text: null, step: { ...place, outcome: 'ignored', because } })
  if ('unusable' in target) return ignored(target.because)
  const question = { name: target.name, type: 'TXT' } as const
  const outcome = answerTo(question, yield [question], asked)
  if ('problem' in outcome) return ignored(outcome.problem.detail)
  const { records } = outcome.value
  const [record] = records
  if (!record) return ignored(`${target.text} has no TXT record`)
  if (records.length > 1) return ignored(`${target.text} has ${records.length} TXT records`)
  const parts = parseMacroString(joinedText(record), { explanation: true })
  if ('code' in parts) return ignored(`syntax error at column ${parts.at + 1} of the explanation`)
  const text = yield* expand(evaluation, parts, domain, asked)
  if (/[^\x20-\x7e]/.test(text)) return ignored('the explanation would not be ASCII') // RFC 5321 §2.4
  return { text, step: { ...place, outcome: 'used', because: text } }
}
