import type { Failure } from '../../network/network.ts'
import type { ReportDestination } from '../../probes/report-destinations.ts'
import type { ReportUri } from '../../syntax/dmarc.ts'
import { hostOf, schemeOf } from '../../syntax/uri.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { recordOf, tagSeen } from '../dmarc-record.ts'
import { octetSeen } from '../evidence.ts'
import { routeFault, type RouteFault } from '../report-route.ts'

export default defineCheck({
  id: 'dmarc/report-destinations-valid',
  title: 'DMARC reports can be delivered to the addresses that ask for them',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §4.8', 'RFC 5321 §5.1'],
  needs: ['dmarc', 'reportDestinations'],
  judge(_domain, { dmarc, reportDestinations }) {
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    const { record, published } = found
    const uris = [...record.rua.map(uri => ({ tag: 'rua', ...uri })), ...record.ruf.map(uri => ({ tag: 'ruf', ...uri }))]
    if (uris.length === 0) return skip('the record asks for no reports')
    const faults = uris.flatMap(uri => faultOf(uri, uris.filter(({ tag }) => tag === uri.tag), reportDestinations) ?? [])
    const wrong = faults.flatMap(fault => 'code' in fault ? [fault] : [])
    const [first] = wrong
    if (first) {
      const { code, tag, uri } = first
      return fail(code, { tag, uri, count: wrong.length }, ...wrong.flatMap(({ at, evidence }) => [octetSeen(published, at), ...evidence]))
    }
    const open = faults.find(fault => 'problem' in fault)
    return open ? unknownBecause(open.problem) : passed(tagSeen(found, record.rua.length > 0 ? 'rua' : 'ruf'))
  },
  messages: {
    failed: '{tag}: {uri} is no URI (an address is written mailto:NAME@DOMAIN, with "," and "!" percent-encoded)',
    scheme: '{tag}: {uri} is ignored by most reporters, which send by mail alone',
    'no-domain': '{tag}: {uri} leads nowhere: its domain does not exist',
    'no-route': '{tag}: {uri} leads nowhere: its domain has neither MX nor address',
    'null-mx': '{tag}: {uri} leads nowhere: its domain takes no mail (null MX)',
  },
  explain: `Reports that cannot be delivered are lost without a trace, and it looks as if there were nothing to report. Reporters may
    also stop sending them altogether.`,
  remedy: (_domain, _facts, { tag, uri }, _scope, code) => ({
    text: code === 'failed' && typeof uri === 'string' && /^[^@:\s]+@[^@:\s]+\.[^@:\s]+$/.test(uri)
      ? `Write ${String(tag)}=mailto:${uri}`
      : `Have ${String(tag)} name a mailbox that exists, as mailto:NAME@DOMAIN; a domain without mail needs one elsewhere.`,
  }),
})

interface Wanted extends ReportUri { readonly tag: string }
interface Fault extends Wanted { readonly code: 'failed' | 'scheme' | RouteFault['code']; readonly evidence: readonly Evidence[] }

function faultOf(wanted: Wanted, siblings: readonly Wanted[], destinations: readonly ReportDestination[]): Fault | { readonly problem: Failure } | null {
  const fault = (code: Fault['code'], ...evidence: Evidence[]): Fault => ({ ...wanted, code, evidence })
  if (!wanted.valid) return fault('failed')
  // Who can do without it has the others.
  if (schemeOf(wanted.uri) !== 'mailto') return siblings.some(({ uri, valid }) => valid && schemeOf(uri) === 'mailto') ? null : fault('scheme')
  const destination = destinations.find(({ name }) => name === hostOf(wanted.uri))
  if (!destination) return null
  const route = routeFault(destination)
  return route && 'code' in route ? fault(route.code, ...route.evidence) : route
}
