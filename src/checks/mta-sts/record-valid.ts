import { isMtaStsNote, parseMtaSts } from '../../syntax/mta-sts.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { newRecord, noPolicy } from '../mta-sts-policy.ts'

export default defineCheck({
  id: 'mta-sts/record-valid',
  title: 'There is one MTA-STS record, and senders can read it',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 8461 §3.1'],
  needs: ['mtaSts', 'clock'],
  judge(_domain, { mtaSts: { name, records } }) {
    const [record, second] = records
    if (record === undefined) return noPolicy
    if (second !== undefined) return fail('failed', { name, count: records.length }, ...records.map(recordSeen))
    const problems = parseMtaSts(joinedText(record)).problems.filter(({ code }) => !isMtaStsNote(code))
    const [first] = problems
    if (!first) return passed(recordSeen(record))
    const evidence = problems.map(({ at }) => octetSeen(record, at))
    const { code, text } = first
    const count = problems.length
    switch (code) {
      case 'missing-id': return fail('missing-id', { name, count }, ...evidence)
      case 'bad-id': return fail('bad-id', { name, text, count }, ...evidence)
      default: return fail('malformed', { name, text, count }, ...evidence)
    }
  },
  messages: {
    failed: '{count} records at {name}: with more than one, senders use none',
    'missing-id': 'the record at {name} has no id',
    'bad-id': 'the record at {name} has {text}, but an id is 1 to 32 letters and digits',
    malformed: 'the record at {name} breaks off the list of NAME=VALUE parted by ";" at "{text}"',
  },
  explain: `Senders that look for a policy stop here: to them the domain has none, so nobody insists on TLS, although a policy
    is served.`,
  remedy({ name: domain }, { mtaSts: { records }, clock }, _args, _scope, code) {
    const line = newRecord(domain, clock.now)
    return {
      text: code === 'failed' ? 'Keep exactly one of these records, and remove the others.' : 'Publish the record in this form; the id is yours to choose, and must change with every change of the policy.',
      records: { set: [line], remove: records.map(({ name, text }) => `${name}. TXT ${text}`) },
    }
  },
})
