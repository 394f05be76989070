import type { MxSession } from '../../probes/session-sets.ts'
import type { PageFacts } from '../../probes/page.ts'
import { judgeBoth } from '../both-certificates.ts'
import { judgeHorizon, limits } from '../certificate-horizon.ts'
import { defineCheck, fail, type Subject } from '../define.ts'
import { policyIn } from '../mta-sts-policy.ts'
import { countedCertificates } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

/** The host that serves the policy: senders that cannot fetch a new edition stop honouring it when the old one ages. */
interface PolicyHost extends Subject {
  readonly page: PageFacts
}

/** The catalogue counts whole days here. */
function late(host: string, verdict: ReturnType<typeof judgeHorizon>, now: string) {
  if (verdict.verdict !== 'fail') return verdict
  const { date } = verdict.args
  return fail('failed', { host, date, days: Math.floor((Date.parse(date) - Date.parse(now)) / 86_400_000) }, ...verdict.evidence)
}

export default defineCheck({
  id: 'mta-sts/certificates-renewed-in-time',
  title: 'The certificates that the enforced MTA-STS policy rests on were renewed when they were due',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 8461 §4.2', 'RFC 8461 §3.3'],
  needs: ['mxSessions', 'mtaSts', 'clock'],
  defersTo: ['mta-sts/mx-verifiable', 'mta-sts/policy-served'],
  over: ({ mxSessions, mtaSts: { policy } }): (MxSession | PolicyHost)[] =>
    [...mxSessions.sessions, ...policy ? [{ name: policy.host, page: policy }] : []],
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(subject, { mtaSts, clock: { now } }) {
    const policy = policyIn('enforce', mtaSts, now)
    if ('verdict' in policy) return policy
    if (!('page' in subject)) {
      return judgeBoth(subject, held => {
        const tls = tlsOf(held)
        return 'verdict' in tls ? tls : late(held.endpoint.host, judgeHorizon(held.name, countedCertificates(tls), now, limits.late), now)
      })
    }
    const { tls } = policy.response
    const verdict = late(subject.name, judgeHorizon(subject.name, tls ? countedCertificates(tls) : [], now, limits.late), now)
    if (verdict.verdict !== 'fail') return verdict
    return { ...verdict, evidence: verdict.evidence.map(seen => 'line' in seen ? { from: 'https', url: policy.url, line: seen.line } as const : seen) }
  },
  messages: {
    failed: '{host}: certificate ends {date}, in {days} d',
  },
  explain: `Your MTA-STS policy is enforced, so senders insist on valid certificates. Automatic renewal has mostly done its work
    long before this point; when the certificate ends, mail stops (or, for the policy host, nobody can fetch the policy).`,
  remedy(subject) {
    const host = 'page' in subject ? subject.page.host : subject.endpoint.host
    return { text: `Look why the renewal of the certificate for ${host} did not run, or why the server still shows the old one: has it been reloaded?` }
  },
})
