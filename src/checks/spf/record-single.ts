import { formatTerm, isMechanism, parseSpf, type SpfTerm } from '../../syntax/spf.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { txtLine } from '../publish.ts'
import { atMost, spfSeen } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/record-single',
  title: 'The domain has not more than one SPF record',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §3.2', 'RFC 7208 §4.5'],
  needs: ['spf'],
  judge(_domain, { spf }) {
    const { records } = spf
    if (records.length === 0) return skip('the domain publishes no SPF record')
    return records.length === 1 ? pass : fail('failed', { count: records.length, records: atMost(records) }, ...spfSeen(spf))
  },
  messages: {
    failed: '{count} SPF records: {records}',
  },
  explain: `With more than one record every check of your mail ends in an error, whatever the records say: no server is
    authorised any more. It mostly happens when a service's record is added beside the old one.`,
  remedy({ name: domain }, { spf: { records } }) {
    const merged = merge(records)
    return {
      text: 'Merge them into one record that holds the terms of all, with one "all" at the end, and remove the others.',
      records: { ...merged === null ? {} : { set: [txtLine(domain, merged)] }, remove: records.filter(record => record !== merged).map(record => txtLine(domain, record)) },
    }
  },
})

/** One record with the terms of all, each once; null when that takes somebody's judgement. */
function merge(records: readonly string[]): string | null {
  const parsed = records.map(parseSpf)
  const terms = parsed.flatMap(record => record.terms)
  if (parsed.some(({ problems }) => problems.length > 0) || terms.some(term => !isMechanism(term))) return null
  const named = [...new Set(terms.filter(({ kind }) => kind !== 'all').map(term => formatTerm(term)))]
  const denied = terms.filter((term): term is Extract<SpfTerm, { kind: 'all' }> => term.kind === 'all').every(({ qualifier }) => qualifier === '-')
  return ['v=spf1', ...named, denied ? '-all' : '~all'].join(' ')
}
