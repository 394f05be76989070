import { isSpf } from '../../syntax/spf.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { passingTermOf } from '../passing-term.ts'
import { isLive, keyRecords } from '../selectors.ts'

export default defineCheck({
  id: 'mx/null-mx-sends-nothing',
  title: 'A domain that takes no mail authorises nobody to send any',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 7505 §4.2'],
  needs: ['mx'],
  uses: ['spf', 'dkim'],
  judge({ name: domain }, { mx, spf, dkim }) {
    if (!mx.nullMx) return skip('the domain has no null MX')
    if (mx.hosts.length > 0) return skip('the null MX stands beside hosts, so there is no telling whether the domain takes mail')
    const found: string[] = []
    const seen: Evidence[] = mx.answer.records.map(recordSeen)
    const passing = 'value' in spf ? passingTermOf(spf.value) : null
    if (passing) {
      found.push(passing.node.domain === domain ? `SPF "${passing.term}"` : `SPF "${passing.term}" (in the record of ${passing.node.domain})`)
      const { answer } = passing.node
      if ('value' in answer) seen.push(...answer.value.records.filter(record => isSpf(joinedText(record))).map(recordSeen))
    }
    const key = 'value' in dkim ? dkim.value.selectors.find(isLive) : undefined
    if (key) {
      found.push(`the DKIM key ${key.name}`)
      seen.push(...keyRecords(key.answer).map(recordSeen))
    }
    if (found.length > 0) return fail('failed', { domain, evidence: found }, ...seen)
    for (const facts of [spf, dkim]) if ('problem' in facts) return unknownBecause(facts.problem)
    return passed(...seen)
  },
  messages: {
    failed: '{domain} refuses all mail but authorises senders: {evidence}',
  },
  explain: `Nobody can answer mail from such a domain, or return a message that cannot be delivered. Receivers may refuse what comes
    from it, and whoever may send in its name can do so unheard.`,
  remedy: ({ name: domain }) => ({
    text: `If ${domain} sends mail, publish a real MX in place of the null MX. If it does not, publish "v=spf1 -all" and DMARC p=reject, and revoke its DKIM keys.`,
  }),
})
