import type { TlsRptFacts } from '../../probes/tls-rpt.ts'
import type { Failure } from '../../network/network.ts'
import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { isTlsRptNote, parseTlsRpt, type TlsReportUri, type TlsRptRecord } from '../../syntax/tls-rpt.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { routeFault } from '../report-route.ts'
import { unreachablePage } from '../served-page.ts'

export default defineCheck({
  id: 'tls-rpt/record-valid',
  title: 'There is one TLS-RPT record, and reports can go where it says',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 8460 §3', 'RFC 5321 §5.1'],
  needs: ['tlsRpt'],
  judge(_domain, { tlsRpt }) {
    const { name, records } = tlsRpt
    const [record, second] = records
    if (record === undefined) return skip('the domain asks for no TLS reports')
    if (second !== undefined) return fail('failed', { name, records: records.length }, ...records.map(recordSeen))
    const parsed = parseTlsRpt(joinedText(record))
    const broken = grammarFault(parsed, record)
    if (broken) return broken
    const faults = parsed.rua.flatMap(uri => uriFault(uri, tlsRpt) ?? [])
    const wrong = faults.flatMap(fault => 'code' in fault ? [fault] : [])
    const [first] = wrong
    if (first) return fail(first.code, { uri: first.uri, count: wrong.length }, ...wrong.flatMap(({ at, evidence }) => [octetSeen(record, at), ...evidence]))
    const open = faults.find(fault => 'problem' in fault)
    return open ? unknownBecause(open.problem) : passed(recordSeen(record))
  },
  messages: {
    failed: '{records} records at {name}: with more than one, senders report nothing',
    malformed: 'the record breaks off the list of NAME=VALUE parted by ";" at "{text}"',
    'missing-rua': '"{text}" has no rua, so there is nowhere to report to',
    'bad-uri': '{uri} is no URI (an address is written mailto:NAME@DOMAIN, with "," ";" and "!" percent-encoded)',
    scheme: '{uri}: reports go to mailto: and https: only',
    'no-domain': '{uri} leads nowhere: its domain does not exist',
    'no-route': '{uri} leads nowhere: its domain has neither MX nor address',
    'null-mx': '{uri} leads nowhere: its domain takes no mail (null MX)',
    unreachable: '{uri} leads nowhere: its host does not answer HTTPS',
  },
  explain: `Reports that cannot be delivered are lost without a trace, and it looks as if there were nothing to report.`,
  remedy({ name: domain }, { tlsRpt: { records, name } }, { uri }, _scope, code) {
    if (code === 'failed') return { text: `Keep one record at ${name}; its rua may list several places, parted by commas.` }
    const line = txtLine(name, `v=TLSRPTv1; rua=mailto:tls@${domain}`)
    if (code === 'malformed' || code === 'missing-rua') return { text: 'Publish the record in this form, with a mailbox that somebody reads.', records: { set: [line], remove: records.map(({ text }) => `${name}. TXT ${text}`) } }
    return { text: `Have rua name a place that exists in place of ${String(uri)}: mailto:NAME@DOMAIN, or an https: address of the service that collects your reports.` }
  },
})

type UriFault = TlsReportUri & { readonly code: 'bad-uri' | 'scheme' | 'no-domain' | 'no-route' | 'null-mx' | 'unreachable'; readonly evidence: readonly Evidence[] }

/** What makes it no record at all; the URIs are looked at one by one. */
function grammarFault({ problems }: TlsRptRecord, record: DnsRecord<'TXT'>) {
  const grave = problems.filter(({ code }) => !isTlsRptNote(code) && code !== 'no-destination')
  const [first] = grave
  if (!first) return null
  const evidence = grave.map(({ at }) => octetSeen(record, at))
  if (first.code === 'missing-rua') return fail('missing-rua', { text: joinedText(record), count: grave.length }, ...evidence)
  return fail('malformed', { text: first.text, count: grave.length }, ...evidence)
}

function uriFault(uri: TlsReportUri, { mailboxes, collectors }: TlsRptFacts): UriFault | { readonly problem: Failure } | null {
  const fault = (code: UriFault['code'], evidence: readonly Evidence[] = []): UriFault => ({ ...uri, code, evidence })
  if (uri.scheme === null) return fault(/^(?!mailto:|https:)[a-z][a-z0-9+.-]*:/i.test(uri.uri) ? 'scheme' : 'bad-uri')
  if (uri.scheme === 'mailto') {
    const mailbox = mailboxes.find(({ name }) => name === uri.host)
    const route = mailbox && routeFault(mailbox)
    return route && 'code' in route ? fault(route.code, route.evidence) : route ?? null
  }
  const page = collectors.find(({ host }) => host === uri.host)
  const seen = page && unreachablePage(page)
  return Array.isArray(seen) ? fault('unreachable', seen) : seen ?? null
}
