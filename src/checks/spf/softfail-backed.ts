import { judgeStranger } from '../../evaluate/spf-stranger.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byWalk, noPolicySeen, policyOf } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { noRecord, spfSeen } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/softfail-backed',
  title: 'Where SPF ends in ~all, DMARC keeps forgeries out',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 7208 §8.5', 'RFC 9989 §5.1.7'],
  needs: ['spf', 'dmarc', 'contexts'],
  uses: ['mx'],
  judge({ name: domain }, { spf, dmarc, mx, contexts: { parked } }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    const strangers = [judgeStranger(spf, 4), judgeStranger(spf, 6)]
    if (!strangers.some(({ results }) => results.has('softfail'))) {
      const problem = strangers.find(({ results }) => results.has('unknown'))?.problem
      return problem ? unknownBecause(problem) : skip('the record does not end in ~all')
    }
    const discovery = byWalk(dmarc)
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    if (discovery.found !== 'one') return fail('failed', { domain, policy: 'missing' }, ...spfSeen(spf), ...dmarc.asked.flatMap(noPolicySeen))
    const found = policyOf(dmarc, mx)
    const policy = 'verdict' in found ? 'without effect' : `p=${found.applied.policy}`
    if (policy === 'p=quarantine' || policy === 'p=reject') return passed(...spfSeen(spf), recordSeen(discovery.published))
    return fail('failed', { domain, policy }, ...spfSeen(spf), recordSeen(discovery.published))
  },
  messages: {
    failed: '{domain} has ~all and DMARC {policy}: forgeries get in',
  },
  explain: `~all asks receivers to take mail from strangers with a grain of salt, and they deliver most of it. That is well as long as
    DMARC decides in its place; without an enforced policy nothing does.`,
  remedy: () => ({
    text: 'Enforce DMARC (p=quarantine or p=reject) once your reports are clean; or end the SPF record with -all, if none of your mail is forwarded.',
  }),
})
