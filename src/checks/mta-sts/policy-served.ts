import { defineCheck, passed, skip } from '../define.ts'
import { noPolicy } from '../mta-sts-policy.ts'
import { pageMessages, pageRemedy, pageSeen, servedPage } from '../served-page.ts'

export default defineCheck({
  id: 'mta-sts/policy-served',
  title: 'The MTA-STS policy is served, by a host with a valid certificate',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 8461 §3.3'],
  needs: ['mtaSts', 'clock'],
  judge(_domain, { mtaSts: { records, policy }, clock: { now } }) {
    if (records.length === 0) return noPolicy
    if (!policy) return skip('there are several MTA-STS records, so senders ask for no policy')
    const served = servedPage(policy, now)
    switch (served.state) {
      case 'undecided': return served.because
      case 'faulty': return served.fault
      case 'served': return passed(pageSeen(policy, `HTTP status ${served.response.status}`))
    }
  },
  messages: pageMessages,
  explain: `The record announces a policy that senders cannot get. Those who see the domain for the first time deliver without
    it; those who remember an older edition go on enforcing that one, whatever you have changed since.`,
  remedy({ name: domain }, { mtaSts: { policy } }, _args, _scope, code) {
    const cure = policy && pageRemedy(code, 'the policy', policy)
    return { text: `${cure ?? 'Serve the policy.'} If you want no policy any more, serve one with mode: none for as long as the last max_age, and only then remove _mta-sts.${domain}.` }
  },
})
