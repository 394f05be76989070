import { parseDkim } from '../../syntax/dkim.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { keyRecords, keySelectors, noKey } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/record-valid',
  title: 'The key record is one well-formed list of tags',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 6376 §3.2', 'RFC 6376 §3.6.1', 'RFC 6376 §3.6.2.2'],
  needs: ['dkim'],
  over: keySelectors,
  nothing: noKey,
  judge({ name, answer }) {
    if ('problem' in answer) return unknownBecause(answer.problem)
    const records = keyRecords(answer)
    const [record] = records
    if (record === undefined) return skip('there is no record')
    if (records.length > 1) return fail('several', { name, records: records.length }, ...records.map(recordSeen))
    const { problems } = parseDkim(joinedText(record))
    const [first] = problems
    if (!first) return pass
    const evidence = problems.map(({ at }) => octetSeen(record, at))
    const { tag, code } = first
    const count = problems.length
    switch (code) {
      case 'malformed-tag':
        return fail('failed', { name, tag, count }, ...evidence)
      case 'missing-key':
      case 'version-not-first':
      case 'too-long':
        return fail(code, { name, count }, ...evidence)
      case 'bad-version':
      case 'duplicate-tag':
      case 'bad-character':
      case 'escaped':
      case 'quoted':
        return fail(code, { name, tag, count }, ...evidence)
    }
  },
  messages: {
    failed: '{name}: "{tag}" is no NAME=VALUE',
    several: '{name}: {records} TXT records, and no telling which is the key',
    'missing-key': '{name}: there is no p= tag',
    'version-not-first': '{name}: v= is not the first tag',
    'bad-version': '{name}: "{tag}" where a key has v=DKIM1',
    'duplicate-tag': '{name}: the tag {tag} stands twice',
    'bad-character': '{name}: the tag {tag} holds something other than printable ASCII',
    escaped: '{name}: a backslash is part of the record ({tag})',
    quoted: '{name}: a quotation mark is part of the record ({tag})',
    'too-long': '{name}: the record is longer than any TXT record can be',
  },
  explain: `Verifiers discard a key record that they cannot read, and with it every signature that refers to it. What looks
    right in a control panel is often published with the quotation marks or backslashes of a zone file in it.`,
  remedy({ name, answer }, _facts, _args, _scope, code) {
    const records = keyRecords(answer)
    if (code === 'several') return { text: `Keep the one record at ${name} that your signing server gives you, and remove the others.` }
    const mended = mend(records.map(joinedText)[0] ?? '')
    return {
      text: code === 'escaped' || code === 'quoted' ? 'Publish the record again, without backslashes and quotation marks.'
        : 'Publish the record again, exactly as your signing server gives it.',
      ...mended === null ? {} : { records: { set: [txtLine(name, mended)], remove: records.map(({ text }) => `${name}. TXT ${text}`) } },
    }
  },
})

/** Without what a control panel left in it; null when that does not make a key record of it. */
function mend(text: string): string | null {
  const plain = text.replace(/\\([;"])/g, '$1').trim().replace(/^(["'])([^]*)\1$/, '$2').replace(/"\s*"/g, '')
  if (plain === text) return null
  const { problems, keyProblem } = parseDkim(plain)
  return problems.length === 0 && keyProblem === null ? plain : null
}
