import { parseDkim } from '../../syntax/dkim.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'

export default defineCheck({
  id: 'dkim/parked-keys-revoked',
  title: 'A parked domain revokes every DKIM key there could be',
  severity: 'notice',
  question: 'protect',
  rfc: ['M3AAWG Protecting Parked Domains', 'RFC 6376 §3.6.1'],
  needs: ['dkim', 'contexts'],
  uses: ['mx'],
  judge({ name: domain }, { dkim: { wildcard: { answer } }, contexts: { parked }, mx }) {
    if ('value' in mx && mx.value.answer.rcode === 'NXDOMAIN') return skip('the domain does not exist')
    if (parked.value === 'no') return skip(`the domain is not parked (${parked.because})`)
    if ('problem' in answer) return unknownBecause(answer.problem)
    const [record, second] = answer.value.records
    if (record && !second && parseDkim(joinedText(record)).revoked) return passed(recordSeen(record))
    if (parked.value === 'unknown') return undecidedContext('sends', parked)
    return fail('failed', { domain }, record ? recordSeen(record) : absenceSeen(answer.value))
  },
  messages: {
    failed: 'Parked {domain} does not revoke DKIM',
  },
  explain: `A domain that sends no mail needs no keys. An empty key at every selector says so in DNS itself, where a forger who has
    got hold of an old private key, or of an old selector's alias, can do nothing about it.`,
  remedy: ({ name: domain }) => ({
    text: 'Publish an empty key for every selector.',
    records: { set: [txtLine(`*._domainkey.${domain}`, 'v=DKIM1; p=')] },
  }),
})
