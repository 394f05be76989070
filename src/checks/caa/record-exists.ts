import { defineCheck, fail, passed, skip, type Evidence } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { relevantCaa } from '../relevant-caa.ts'

export default defineCheck({
  id: 'caa/record-exists',
  title: 'CAA records say which authorities may issue certificates for the host',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8659 §3'],
  needs: ['certificateHosts'],
  over: ({ certificateHosts: { hosts } }) => hosts,
  nothing: 'no host shows a certificate',
  hidden: ({ certificateHosts: { hidden } }) => hidden,
  judge({ name: host, own, lookups }) {
    if (!own) return skip('the host belongs to somebody else')
    const relevant = relevantCaa(lookups)
    if (relevant === null) return fail('failed', { host }, ...lookups.flatMap(({ answer }): Evidence[] => 'value' in answer ? [absenceSeen(answer.value)] : []))
    return 'verdict' in relevant ? relevant : passed(...relevant.records.map(recordSeen))
  },
  messages: {
    failed: 'any authority may issue certificates for {host}',
  },
  explain: `There are dozens of public authorities, and one that is careless or deceived is enough to give somebody else a
    certificate for your host. CAA records forbid it to all but those that you name.`,
  remedy({ certificates }, _facts, _args, { domain }) {
    const identifier = certificates.flatMap(({ identifiers }) => identifiers)[0]
    return {
      text: 'Publish which authorities may issue, one record for each that you use, at the domain: it speaks for all names below.',
      ...identifier === undefined ? {} : { records: { set: [`${domain}. CAA 0 issue "${identifier}"`] } },
    }
  },
})
