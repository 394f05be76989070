import { defineCheck, fail, passed, skip } from '../define.ts'
import { absenceSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'
import { spfSeen } from '../spf-record.ts'
import { shownElsewhere } from '../unseen.ts'

export default defineCheck({
  id: 'spf/record-exists',
  title: 'The domain says who sends its mail: it has an SPF record',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §3', 'RFC 7208 §4.5'],
  needs: ['spf', 'contexts'],
  uses: ['unseenSpf'],
  defersTo: ['spf/prefix-exact', 'spf/strings-joined-cleanly'],
  judge({ name: domain }, { spf, contexts: { sending }, unseenSpf }) {
    if (spf.records.length > 0) return passed(...spfSeen(spf))
    if (sending.value === 'no') return skip(`the domain sends no mail (${sending.because})`)
    if (sending.value === 'unknown') return undecidedContext('sends', sending)
    const elsewhere = shownElsewhere(unseenSpf)
    if (elsewhere) return elsewhere
    const { value: answer } = spf.answer
    const others = answer.records.length
    return fail('failed', { domain }, others === 0 ? absenceSeen(answer)
      : { from: 'dns', name: domain, type: 'TXT', text: `(${others} TXT ${others === 1 ? 'record' : 'records'}, none of them SPF)`, ttl: answer.records[0]?.ttl ?? null })
  },
  messages: {
    failed: '{domain} publishes no SPF record',
  },
  explain: `Receivers cannot tell your servers from anybody else's. The large ones refuse or file as spam what no SPF or
    DKIM vouches for, and DMARC has one leg less to stand on.`,
  remedy: ({ name: domain }) => ({
    text: `Publish one TXT record at ${domain} that names every server and service that sends for you: mx for your mail hosts,
      and for each service the include: that its documentation gives.`,
    records: { set: [txtLine(domain, 'v=spf1 mx -all')] },
  }),
})
