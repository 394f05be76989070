import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'
import { enforcementOf } from '../tls-enforcement.ts'

export default defineCheck({
  id: 'tls-rpt/record-exists',
  title: 'The domain asks senders to report TLS failures',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8460 §3'],
  needs: ['tlsRpt', 'contexts', 'clock'],
  uses: ['mx', 'mtaSts', 'mxTlsa'],
  judge({ name: domain }, { tlsRpt: { name, answer, records }, contexts: { receiving }, clock: { now }, mx, mtaSts, mxTlsa }) {
    if (receiving.value === 'no') return skip('the domain takes no mail')
    const policy = enforcementOf({ mx, mtaSts, mxTlsa }, now)
    if (typeof policy === 'string' && policy !== 'none') return skip(`${policy} is on, which has a check of its own for it`)
    if (records.length > 0) return passed(...records.map(recordSeen))
    if (receiving.value === 'unknown') return undecidedContext('takes', receiving)
    if (typeof policy !== 'string') return policy
    const [other] = answer.records
    if (other) return fail('unlike', { name, text: joinedText(other) }, ...answer.records.map(recordSeen))
    return fail('failed', { domain }, absenceSeen(answer))
  },
  messages: {
    failed: '{domain} asks for no TLS reports',
    unlike: '{name} has a TXT record that does not begin "v=TLSRPTv1;": {text}',
  },
  explain: `Large senders tell once a day how their TLS connections to you fared, to whoever asks. It costs a record, and shows
    certificates that ended and STARTTLS that went missing before anybody complains.`,
  remedy: ({ name: domain }) => ({
    text: 'Publish where senders may report, at a mailbox (or a service) that somebody reads.',
    records: { set: [txtLine(`_smtp._tls.${domain}`, `v=TLSRPTv1; rua=mailto:tls@${domain}`)] },
  }),
})
