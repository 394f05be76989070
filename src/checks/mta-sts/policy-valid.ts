import { isMtaStsPolicyNote, longestMaxAge, mtaStsModes, parseMtaStsPolicy } from '../../syntax/mta-sts.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { newRecord, noPolicy } from '../mta-sts-policy.ts'
import { pageSeen, servedPage } from '../served-page.ts'

export default defineCheck({
  id: 'mta-sts/policy-valid',
  title: 'Senders can read the MTA-STS policy',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 8461 §3.2'],
  needs: ['mtaSts', 'clock'],
  judge(_domain, { mtaSts: { records, policy }, clock: { now } }) {
    if (records.length === 0) return noPolicy
    if (!policy) return skip('there are several MTA-STS records, so senders ask for no policy')
    const served = servedPage(policy, now)
    if (served.state === 'undecided') return served.because
    if (served.state === 'faulty') return skip('the MTA-STS policy is not served')
    const problems = parseMtaStsPolicy(served.response.body).problems.filter(({ code }) => !isMtaStsPolicyNote(code))
    const [first] = problems
    if (!first) return pass
    const evidence = problems.map(({ line, text, code }) => pageSeen(policy, code.startsWith('missing-') ? '(end of the file)' : `line ${line}: ${text}`))
    const { code, text, line } = first
    const { url } = policy
    const count = problems.length
    switch (code) {
      case 'missing-version':
      case 'missing-mode':
      case 'missing-max-age':
      case 'missing-mx': return fail(code, { url, count }, ...evidence)
      case 'byte-order-mark': return fail(code, { line, count }, ...evidence)
      case 'bad-version':
      case 'bad-mode':
      case 'bad-max-age':
      case 'max-age-too-long':
      case 'bad-mx':
      case 'leading-space':
      case 'bad-character': return fail(code, { line, text, count }, ...evidence)
      default: return fail('failed', { line, text, count }, ...evidence)
    }
  },
  messages: {
    failed: 'policy line {line} is no NAME: VALUE: "{text}"',
    'leading-space': 'policy line {line} begins with white space: "{text}"',
    'bad-character': 'policy line {line} is no plain text in UTF-8: "{text}"',
    'byte-order-mark': 'policy line {line} begins with a byte order mark, which no sender skips',
    'missing-version': '{url} has no "version: STSv1"',
    'bad-version': 'policy line {line}, "{text}": the only version is STSv1',
    'missing-mode': '{url} has no mode',
    'bad-mode': 'policy line {line}, "{text}": the modes are enforce, testing and none',
    'missing-max-age': '{url} has no max_age',
    'bad-max-age': 'policy line {line}, "{text}": a max_age is a whole number of seconds',
    'max-age-too-long': 'policy line {line}, "{text}": a max_age is at most 31557600 s, a year',
    'missing-mx': '{url} names no mx, which only mode: none may do',
    'bad-mx': 'policy line {line}, "{text}": a pattern is a host name, or "*." and a host name',
  },
  explain: `A policy that cannot be read is none: senders deliver as if you had not asked for TLS, or go on with the edition that
    they remember.`,
  remedy({ name: domain }, { clock }, { line }, _scope, code) {
    const where = typeof line === 'number' ? `Correct line ${line}` : 'Add the line'
    const how = code === 'missing-version' || code === 'bad-version' ? ': version: STSv1'
      : code === 'missing-mode' || code === 'bad-mode' ? `: mode: testing at first (the modes are ${mtaStsModes.join(', ')})`
      : code.includes('max-age') ? `: max_age: 1209600 (two weeks; at most ${longestMaxAge})`
      : code === 'missing-mx' || code === 'bad-mx' ? ': one "mx: HOST" for each MX host, without final dot'
      : code === 'byte-order-mark' ? ': save the file as UTF-8 without byte order mark'
      : ': each line is a name, a colon and a value, and begins with the name'
    return { text: `${where}${how}. Then change the id of the record.`, records: { set: [newRecord(domain, clock.now)] } }
  },
})
