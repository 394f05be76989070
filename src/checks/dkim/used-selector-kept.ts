import type { HistoryFacts } from '../../probes/history.ts'
import type { MessageFacts } from '../../probes/message.ts'
import type { ReportsFacts } from '../../probes/reports.ts'
import type { Answer } from '../../network/network.ts'
import { parseDkim, resemblesDkim } from '../../syntax/dkim.ts'
import { defineCheck, failureBehind, fail, passed, unknown, unknownBecause, type Evidence } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { lineSeen } from '../message-seen.ts'
import { dateOf, day, nothingRemembered, observationsOf, observedTexts } from '../remembered.ts'
import { keyRecords } from '../selectors.ts'

/** For so long mail may be under way, and looked at again. */
const underWay = 7 * day

export default defineCheck({
  id: 'dkim/used-selector-kept',
  title: 'The keys of mail that may still be under way are published',
  severity: 'critical',
  question: 'send',
  rfc: ['RFC 6376 §3.1'],
  needs: ['dkim', 'history', 'message', 'reports', 'clock'],
  requires: 'state',
  over: ({ history, message, reports, clock: { now } }, { domain }) =>
    usedSelectors(history, message, reports, domain, now).map(use => ({ ...use, name: `${use.selector}._domainkey.${domain}` })),
  nothing: 'no message of the last seven days is known that was signed',
  hidden: ({ history }) => failureBehind(history.since === null ? nothingRemembered : undefined),
  judge({ name, selector, at, line, reported }, { dkim, history }) {
    const asked = dkim.selectors.find(one => one.name === name)
    if (!asked) return unknown('selector-unknown', `${selector} is in use, and was not asked for: name it with --selector ${selector}`)
    const { answer } = asked
    if ('problem' in answer) return unknownBecause(answer.problem)
    const records = keyRecords(answer)
    if (records.some(({ data }) => isKey(data.strings.join('')))) return passed(...records.map(recordSeen))
    // anybody can write a signature with a selector that never was
    if (!reported && lastKey(history, selector) === null) return unknown('history-too-short', `${selector} stands in a signature, but no earlier run saw a key there`)
    return fail('failed', { selector, date: dateOf(at) }, ...goneSeen(answer.value), ...line === null ? [] : [lineSeen(line, `DKIM-Signature: s=${selector}`)])
  },
  messages: {
    failed: '{selector} signed mail on {date}, and its key is gone',
  },
  explain: `Mail can be under way for days, and is verified when it arrives: without the key its signatures prove nothing, DMARC
    has only SPF to go by, and with p=reject it is refused.`,
  remedy({ name, selector }, { history }) {
    const record = lastKey(history, selector)
    return {
      text: `Publish the key at ${name} again until the last mail that it signed is delivered: seven days after the server changed to another selector.`,
      ...record === null ? {} : { records: { set: [`${name}. TXT ${record}`] } },
    }
  },
})

interface Use {
  readonly selector: string
  /** RFC 3339: when it signed last, as far as it is known. */
  readonly at: string
  /** 1-based line of the message that shows it. */
  readonly line: number | null
  /** Receivers report that its signatures held: there was a key, whether or not somebody looked. */
  readonly reported: boolean
}

/** The selectors that signed mail of the domain lately. */
function usedSelectors({ records }: HistoryFacts, message: MessageFacts | null, reports: ReportsFacts | null, domain: string, now: string): Use[] {
  const uses: Use[] = Object.entries(records).flatMap(([record, observations]) => {
    const [, selector] = /^dkim-use (\S+)$/.exec(record) ?? []
    return selector === undefined ? [] : observations.map(({ value }): Use => ({ selector, at: value ?? '', line: null, reported: false }))
  })
  const { dkim = [], entry = null, hops = [] } = message?.verdict ?? {}
  for (const { domain: signer, selector, signature: { signedAt }, line } of dkim) {
    const arrived = (entry ?? hops[0])?.at ?? null
    const at = signedAt === null || signedAt > 8.64e12 ? arrived : new Date(signedAt * 1000)
    if (signer === domain && selector !== null && at) uses.push({ selector, at: at.toISOString(), line, reported: false })
  }
  for (const { domain: signer, selector, last } of reports?.selectors ?? []) {
    if (signer === domain) uses.push({ selector, at: `${last}T12:00:00Z`, line: null, reported: true })
  }
  const age = ({ at }: Use): number => Date.parse(now) - Date.parse(at)
  const recent = uses.filter(use => age(use) <= underWay && age(use) >= -day).toSorted((a, b) => age(b) - age(a))
  return [...new Map(recent.map(use => [use.selector, use])).values()]
}

/** The record that was published last, as a zone file has it; null when no run saw a key there. */
function lastKey(history: HistoryFacts, selector: string): string | null {
  const observations = observationsOf(history, `dkim ${selector}`)
  if ('verdict' in observations) return null
  return observations.findLast(({ value }) => observedTexts(value).some(isKey))?.value?.split('\n')[0] ?? null
}

function isKey(text: string): boolean {
  return resemblesDkim(text) && !parseDkim(text).revoked
}

/** What is there in place of the key: nothing, or that it is revoked. */
function goneSeen(answer: Answer<'TXT'>): Evidence[] {
  return answer.records.length > 0 ? answer.records.map(recordSeen) : [absenceSeen(answer)]
}
