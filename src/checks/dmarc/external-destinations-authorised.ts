import type { ReportAuthorisation } from '../../probes/report-destinations.ts'
import { isDmarc, parseDmarc } from '../../syntax/dmarc.ts'
import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { hostOf } from '../../syntax/uri.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordOf } from '../dmarc-record.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/external-destinations-authorised',
  title: 'Other organizations accept the DMARC reports that are to go to them',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9990 §4', 'RFC 7489 §7.1'],
  needs: ['dmarc', 'reportAuthorisations'],
  defersTo: ['dmarc/report-destinations-valid'],
  judge(_domain, { dmarc, reportAuthorisations }) {
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    const external = reportAuthorisations.filter(({ sameByWalk, sameByList }) => !sameByList || !('value' in sameByWalk && sameByWalk.value))
    if (external.length === 0) return skip('no reports go to another organization')
    const refused = external.flatMap(one => {
      const code = refusalOf(one)
      return code === null ? [] : [{ ...one, code }]
    })
    const [first] = refused
    if (first) {
      const { host, policyDomain, code } = first
      const evidence = refused.flatMap(({ answer }) => !answer || 'problem' in answer ? []
        : answer.value.records.length > 0 ? answer.value.records.map(recordSeen) : [absenceSeen(answer.value)])
      return fail(code, { desthost: host, policydomain: policyDomain, count: refused.length }, recordSeen(found.published), ...evidence)
    }
    const open = external.find(({ answer }) => answer && 'problem' in answer)?.answer
    if (open && 'problem' in open) return unknownBecause(open.problem)
    return passed(...external.flatMap(({ answer }) => consents(answer)).map(recordSeen))
  },
  messages: {
    failed: '{desthost} does not accept reports for {policydomain}',
    'failed-before': '{desthost} does not accept reports for {policydomain}, which by RFC 7489 is another organization (by RFC 9989 it is not)',
    'failed-now': '{desthost} does not accept reports for {policydomain}, which by RFC 9989 is another organization (by RFC 7489 it is not)',
    'too-long': '{desthost} cannot accept reports for {policydomain}: the name at which it would have to say so is too long',
    override: '{desthost} has reports for {policydomain} sent to another host, so that they are sent nowhere',
  },
  explain: `So that nobody is flooded with reports that somebody else asked for, reporters look for the consent of the organization that is
    to get them, and without it send nothing. Services that read reports publish it for their customers.`,
  remedy(_domain, { reportAuthorisations }, { desthost: host, policydomain: policyDomain }, _scope, code) {
    const wanted = reportAuthorisations.find(one => one.host === host && one.policyDomain === policyDomain)
    if (code === 'too-long' || !wanted || wanted.name === null) return { text: `Have the reports of ${String(policyDomain)} sent to a host with a shorter name.` }
    if (code === 'override') return { text: `The owner of ${String(host)} has to name an address at ${String(host)} in the rua of ${wanted.name}, or remove it.` }
    return { text: `The owner of ${String(host)} has to publish its consent.`, records: { set: [txtLine(wanted.name, 'v=DMARC1')] } }
  },
})

type Refusal = 'failed' | 'failed-before' | 'failed-now' | 'too-long' | 'override'

/** Null when it is given, or could not be asked for. */
function refusalOf({ host, sameByWalk, sameByList, name, answer }: ReportAuthorisation): Refusal | null {
  if (name === null) return 'too-long'
  if (!answer || 'problem' in answer) return null
  const records = consents(answer)
  if (records.length === 0) return sameByList ? 'problem' in sameByWalk ? null : 'failed-now' : 'value' in sameByWalk && sameByWalk.value ? 'failed-before' : 'failed'
  // "if the host in the override differs, the receiver MUST NOT report to either URI"
  const elsewhere = records.flatMap(record => parseDmarc(joinedText(record)).rua).some(({ uri, valid }) => valid && /^mailto:/i.test(uri) && hostOf(uri) !== host)
  return elsewhere ? 'override' : null
}

function consents(answer: ReportAuthorisation['answer']): DnsRecord<'TXT'>[] {
  return answer && 'value' in answer ? answer.value.records.filter(record => isDmarc(joinedText(record))) : []
}
