import { matchesMx } from '../../syntax/mta-sts.ts'
import { defineCheck, fail, pass } from '../define.ts'
import { appliedPolicy, policyLines } from '../mta-sts-policy.ts'
import { pageSeen } from '../served-page.ts'

export default defineCheck({
  id: 'mta-sts/policy-tidy',
  title: 'The MTA-STS policy says nothing that is not needed, and is served as plain text',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8461 §3.2', 'RFC 8461 §3.3', 'RFC 8461 §4.1'],
  needs: ['mx', 'mtaSts', 'clock'],
  judge(_domain, { mx, mtaSts, clock: { now } }) {
    const policy = appliedPolicy(mtaSts, now)
    if ('verdict' in policy) return policy
    const { url, response: { headers }, parsed } = policy
    const type = headers['content-type'] ?? ''
    if (!/^text\/plain\s*(?:;|$)/i.test(type)) return fail('media-type', { url, type: type || 'none' }, pageSeen({ url }, `content-type: ${type}`))
    const odd = parsed.problems.find(({ code }) => code === 'duplicate-field' || code === 'wrong-case')
    if (odd) return fail(odd.code === 'wrong-case' ? 'wrong-case' : 'duplicate', { url, line: odd.line, text: odd.text }, pageSeen({ url }, `line ${odd.line}: ${odd.text}`))
    if (policy.mode === 'none' || mx.hosts.length === 0) return pass
    const idle = policy.mx.filter(pattern => !mx.hosts.some(({ name }) => matchesMx(pattern, name)))
    const [pattern] = idle
    return pattern === undefined ? pass : fail('failed', { url, pattern, count: idle.length }, ...policyLines(policy, 'mx'))
  },
  messages: {
    failed: '{url}: the pattern {pattern} matches no MX host',
    'media-type': '{url}: served as {type}, not as text/plain',
    'wrong-case': '{url}: line {line} counts for nothing, because field names are in lower case: "{text}"',
    duplicate: '{url}: line {line} counts for nothing, because the field stood before: "{text}"',
  },
  explain: `A pattern without a host permits servers that you do not run (or no longer), and a wrong media type makes careful
    senders pass the policy over.`,
  remedy: (_domain, _facts, { pattern, line }, _scope, code) => ({
    text: code === 'media-type' ? 'Have the web server send "content-type: text/plain" for this file.'
      : code === 'failed' ? `Remove the line "mx: ${String(pattern)}" from the policy, unless that host is about to become an MX, then change the id of the record.`
      : `Remove or correct line ${String(line)} of the policy, then change the id of the record.`,
  }),
})
