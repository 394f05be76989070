/** The four questions a site owner has, each answered in one line from the findings that bear on it. */
import { severities, type Question } from '../checks/define.ts'
import type { ContextFacts } from '../probes/contexts.ts'
import { reasons, type Reason } from '../reasons.ts'
import type { Finding } from '../run.ts'
import { services } from '../services.ts'
import type { QuestionAnswer } from './report.ts'
import { topicOf, topicTitle } from './topics.ts'
import { visible } from './visible.ts'

type Answer = QuestionAnswer['answer']

const words: Readonly<Record<Answer, string>> = { yes: 'Yes', partly: 'Partly', no: 'No', unknown: 'Unknown' }
/** "Can someone forge or intercept your mail?" is a question to which no is the good answer: say it without yes and no. */
const protectWords: Readonly<Record<Answer, string>> = { yes: 'Protected', partly: 'Partly protected', no: 'Unprotected', unknown: 'Unknown' }

export function answerQuestion(
  question: Question, findings: readonly Finding[], context: ContextFacts | null, exists = true,
): Pick<QuestionAnswer, 'answer' | 'summary'> {
  const answer = answerOf(findings)
  const word = (question === 'protect' ? protectWords : words)[answer]
  switch (answer) {
    case 'no':
      return { answer, summary: `${word}: ${failures(findings)}` }
    case 'partly': {
      const idle = idleness(question, context)
      const rest = isOpen(findings) ? ', and what matters most could not be tested' : ''
      return { answer, summary: `${idle ? `${idle.words}, with` : `${word}:`} ${failures(findings)}${rest}` }
    }
    case 'unknown':
      return { answer, summary: exists ? undecided(question, findings, context) : 'Does not apply: there is no such domain' }
    case 'yes': {
      const hedge = findings.some(({ verdict }) => verdict === 'unknown') ? ', as far as could be tested' : ''
      return { answer, summary: notMeant(question, context) ?? `${word}${hedge}: ${whatHolds(question, findings)}` }
    }
  }
}

/** A port that accepts is not yet a server that lets mail in: whether sessions open decides as a critical claim does. */
const decisive: ReadonlySet<string> = new Set(['smtp/session-opens'])

function answerOf(findings: readonly Finding[]): Answer {
  const failed = findings.filter(({ verdict }) => verdict === 'fail')
  if (failed.some(({ severity }) => severity === 'critical')) return 'no'
  if (failed.some(({ severity }) => severity !== 'notice')) return 'partly'
  if (failed.length === 0 && !findings.some(({ verdict }) => verdict === 'pass')) return 'unknown'
  return isOpen(findings) ? 'unknown' : 'yes'
}

/** What a decisive claim hangs on could not be seen anywhere: that a lesser claim holds does not make a yes. */
function isOpen(findings: readonly Finding[]): boolean {
  const seen = new Set(findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').map(({ check }) => check))
  return findings.some(({ verdict, severity, check }) =>
    verdict === 'unknown' && (severity === 'critical' || decisive.has(check)) && !seen.has(check))
}

/** `1 critical, 2 errors (SPF, DKIM)` */
function failures(findings: readonly Finding[]): string {
  const grave = findings.filter(({ verdict, severity }) => verdict === 'fail' && severity !== 'notice')
  const counts = severities.flatMap(severity => {
    const count = grave.filter(finding => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 || severity === 'critical' ? '' : 's'}`]
  })
  const explained = [...new Set(grave.flatMap(({ deferredTo }) => deferredTo ?? []))]
  return `${counts.join(', ')} (${topics(grave)}${explained.length > 0 ? `; see also ${explained.join(', ')}` : ''})`
}

function whatHolds(question: Question, findings: readonly Finding[]): string {
  const passed = findings.filter(({ verdict }) => verdict === 'pass')
  const endpoints = [...new Set(passed.map(({ subject }) => subject))].flatMap(subject => {
    const parts = /^(.*)\[(.*)\]:(\d+)$/.exec(subject)
    return parts ? [{ host: parts[1] ?? '', address: parts[2] ?? '', port: Number(parts[3]) }] : []
  })
  if (question === 'receive' && endpoints.length > 0) {
    const hosts = new Set(endpoints.map(({ host }) => host)).size
    const addresses = new Set(endpoints.map(({ address }) => address)).size
    return `${plural(hosts, 'MX host')} ${hosts === 1 ? 'answers' : 'answer'} on ${plural(addresses, 'address', 'addresses')}`
  }
  if (question === 'access' && endpoints.length > 0) {
    const ports = new Set(endpoints.map(({ port }) => port))
    const offered = Object.values(services).filter(({ port, name }) => name !== 'smtp' && ports.has(port)).map(({ name }) => name)
    return offered.length > 0 ? `${offered.join(', ')} in order` : `${plural(endpoints.length, 'endpoint')} in order`
  }
  return `${topics(passed)} in order`
}

function undecided(question: Question, findings: readonly Finding[], context: ContextFacts | null): string {
  if (findings.length === 0) return 'Not asked: no check of this question was selected'
  const counted = new Map<string, number>()
  for (const { verdict, code } of findings) {
    if (verdict === 'unknown' && code !== null) counted.set(code, (counted.get(code) ?? 0) + 1)
  }
  const [foremost] = [...counted].toSorted(([, a], [, b]) => b - a)
  if (foremost) return `Unknown: ${reasons[foremost[0] as Reason]}`
  return notMeant(question, context) ?? `Does not apply: ${visible(findings.find(({ detail }) => detail !== null)?.detail ?? 'all checks were skipped')}`
}

/** A domain that takes or sends no mail is not asked whether it does so well. */
function notMeant(question: Question, context: ContextFacts | null): string | undefined {
  const idle = idleness(question, context)
  return idle && `${idle.words}: ${visible(idle.because)}`
}

function idleness(question: Question, context: ContextFacts | null): { words: string; because: string } | undefined {
  if (question === 'receive' && context?.receiving.value === 'no') return { words: 'Takes no mail', because: context.receiving.because }
  if (question === 'send' && context?.sending.value === 'no') return { words: 'Sends no mail', because: context.sending.because }
  return undefined
}

function topics(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ check }) => topicTitle(topicOf(check))))].join(', ')
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
