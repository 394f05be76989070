import { defineCheck, fail, passed, skip } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { enforcementOf } from '../tls-enforcement.ts'

export default defineCheck({
  id: 'tls-rpt/accompanies-enforcement',
  title: 'Where senders insist on TLS, somebody asked them to report failures',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 8460 §3'],
  needs: ['tlsRpt', 'clock'],
  uses: ['mx', 'mtaSts', 'mxTlsa'],
  judge(_domain, { tlsRpt: { answer, records }, clock: { now }, mx, mtaSts, mxTlsa }) {
    const policy = enforcementOf({ mx, mtaSts, mxTlsa }, now)
    if (policy === 'none') return skip('neither MTA-STS nor DANE is on')
    if (records.length > 0) return passed(...records.map(recordSeen))
    if (typeof policy !== 'string') return policy
    return fail('failed', { policy }, ...answer.records.length > 0 ? answer.records.map(recordSeen) : [absenceSeen(answer)])
  },
  messages: {
    failed: '{policy} is on, but nobody reports failures to you',
  },
  explain: `Senders now refuse to deliver where your policy is not kept. Without reports the first you hear of a mistake is that
    mail does not arrive, and only from those who call.`,
  remedy: ({ name: domain }) => ({
    text: 'Publish where senders may report, at a mailbox (or a service) that somebody reads.',
    records: { set: [txtLine(`_smtp._tls.${domain}`, `v=TLSRPTv1; rua=mailto:tls@${domain}`)] },
  }),
})
