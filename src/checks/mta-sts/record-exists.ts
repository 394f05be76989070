import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { newRecord } from '../mta-sts-policy.ts'
import { undecidedContext } from '../receiving.ts'

export default defineCheck({
  id: 'mta-sts/record-exists',
  title: 'The domain announces an MTA-STS policy',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 8461 §3.1'],
  needs: ['mtaSts', 'contexts', 'clock'],
  judge({ name: domain }, { mtaSts: { name, answer, records }, contexts: { receiving } }) {
    if (records.length > 0) return passed(...records.map(recordSeen))
    if (receiving.value === 'no') return skip('the domain takes no mail')
    if (receiving.value === 'unknown') return undecidedContext('takes', receiving)
    const [other] = answer.records
    if (other) return fail('unlike', { name, text: joinedText(other) }, ...answer.records.map(recordSeen))
    return fail('failed', { domain }, absenceSeen(answer))
  },
  messages: {
    failed: '{domain} has no MTA-STS: TLS to it can be stripped',
    unlike: '{name} has a TXT record that does not begin "v=STSv1;": {text}',
  },
  explain: `Without a policy, whoever stands between a sender and you can take STARTTLS out of the dialogue, and the mail
    travels in clear. MTA-STS tells senders to insist on TLS and on a certificate that names your MX hosts.`,
  remedy: ({ name: domain }, { clock }) => ({
    text: `Serve a policy with mode: testing at https://mta-sts.${domain}/.well-known/mta-sts.txt, then publish the record that announces it.`,
    records: { set: [newRecord(domain, clock.now)] },
  }),
})
