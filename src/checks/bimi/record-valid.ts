import { isBimiNote } from '../../syntax/bimi.ts'
import { joinedText } from '../../syntax/record.ts'
import { bimiRecord } from '../bimi-record.ts'
import { defineCheck, fail, passed } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'bimi/record-valid',
  title: 'There is one BIMI record, and receivers can act on it',
  severity: 'notice',
  question: 'protect',
  rfc: ['BIMI draft §4.3'],
  needs: ['bimi'],
  judge(_domain, { bimi }) {
    const { asked, records } = bimi
    if (records.length > 1) return fail('failed', { name: records[0]?.name ?? '', records: records.length }, ...records.map(recordSeen))
    const strangers = asked.flatMap(({ answer }) => 'value' in answer ? answer.value.records : []).filter(record => /^\s*v\s*=\s*BIMI/i.test(joinedText(record)))
    const [stranger] = strangers
    if (records.length === 0 && stranger) return fail('version', { name: stranger.name, text: joinedText(stranger) }, ...strangers.map(recordSeen))
    const found = bimiRecord(bimi)
    if ('verdict' in found) return found
    const { record, published } = found
    const problems = record.problems.filter(({ code }) => !isBimiNote(code))
    const [first] = problems
    if (!first) return passed(recordSeen(published))
    const evidence = problems.map(({ at }) => octetSeen(published, at))
    const args = { name: published.name, tag: first.tag, count: problems.length }
    switch (first.code) {
      case 'missing-location':
      case 'bad-uri':
      case 'several-uris':
      case 'not-https':
      case 'not-svg': return fail(first.code, args, ...evidence)
      default: return fail('malformed', args, ...evidence)
    }
  },
  messages: {
    failed: '{records} records at {name}: with more than one, receivers use none',
    version: 'the record at {name} does not begin with v=BIMI1, exactly so: {text}',
    malformed: '{name}: the record is no list of tags at "{tag}"',
    'missing-location': '{name}: there is no {tag} tag, which names the logo',
    'bad-uri': '{name}: {tag} is no https: address with a full host name',
    'several-uris': '{name}: {tag} has more than one address (a comma within one is written %2C)',
    'not-https': '{name}: {tag} is no https: address',
    'not-svg': '{name}: what {tag} names is no SVG file',
  },
  explain: `Mailbox providers mend nothing in a BIMI record: what they cannot read they ignore, and no logo is shown. Nothing else
    depends on it.`,
  remedy: () => ({ text: 'Publish one record: "v=BIMI1; l=https://HOST/logo.svg; a=https://HOST/mark.pem", or "v=BIMI1; l=; a=;" to decline.' }),
})
