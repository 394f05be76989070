import type { DkimFacts, Selector } from '../../probes/dkim.ts'
import type { Subject } from '../../probes/index.ts'
import { defineCheck, fail, pass, passed, skip, unknown, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { isLive, keyRecords } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/key-found',
  title: 'The keys that signatures refer to are published',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 6376 §3.1', 'RFC 6376 §3.6.2'],
  needs: ['dkim', 'contexts'],
  over: ({ dkim }, { domain }): readonly Subject[] => {
    const known = dkim.selectors.filter(({ source, exists }) => source === 'declared' || exists)
    return known.length > 0 ? known : [{ name: domain }]
  },
  nothing: 'there is no selector to ask for',
  judge({ name }, { dkim, contexts: { sending } }, { domain }) {
    if (sending.value === 'no') return skip(`the domain sends no mail (${sending.because})`)
    const known = dkim.selectors.find(selector => selector.name === name)
    if (!known) return undecided(dkim)
    const { answer, source, selector } = known
    if ('problem' in answer) return unknownBecause(answer.problem)
    const { value } = answer
    if (value.records.length > 0) return passed(...keyRecords(answer).map(recordSeen))
    const alias = value.aliases.at(-1)
    if (alias) {
      // A provider that rotates keys may have published one of them only: its sibling verifies what is signed.
      if (source !== 'declared' && dkim.selectors.some(other => other.provider === known.provider && isLive(other))) return pass
      return fail('dangling', { selector, domain, target: alias.data.target }, ...value.aliases.map(recordSeen), absenceSeen(value))
    }
    return fail(value.rcode === 'NXDOMAIN' ? 'failed' : 'empty', { selector, domain }, absenceSeen(value))
  },
  messages: {
    failed: 'No key at {selector}._domainkey.{domain} (there is no such name)',
    empty: 'No key at {selector}._domainkey.{domain} (the name has no TXT record)',
    dangling: 'No key at {selector}._domainkey.{domain} (its CNAME leads to {target}, which has none)',
  },
  explain: `A signature whose key cannot be found proves nothing: receivers treat the mail as unsigned, DMARC has only SPF to
    go by, and that breaks whenever the mail is forwarded.`,
  remedy({ name }, { dkim }, args) {
    const provider = dkim.selectors.find(selector => selector.name === name)?.provider
    return {
      text: args.target === undefined
        ? `Publish at ${name} the TXT record that your signing server gives you, or stop signing with this selector.`
        : `Correct the CNAME at ${name}, or have ${provider ?? 'the provider'} publish the key that it points to.`,
    }
  },
})

/** No selector was declared and no guess met a key, which says nothing about the keys there are. */
function undecided({ selectors, wildcard }: DkimFacts): ReturnType<typeof unknown> {
  const failed = [...selectors.map(({ answer }) => answer), wildcard.answer].find(answer => 'problem' in answer)
  if (failed && 'problem' in failed && selectors.every(({ answer }) => 'problem' in answer)) return unknownBecause(failed.problem)
  return unknown('selector-unknown', `tried ${tried(selectors)}; name yours with --selector (it is the s= of the DKIM-Signature in a message you sent)`)
}

function tried(selectors: readonly Selector[]): string {
  const providers = [...new Set(selectors.flatMap(({ provider }) => provider ?? []))]
  return `${selectors.map(({ selector }) => selector).join(', ')}${providers.length > 0 ? ` (those of ${providers.join(', ')}, and common ones)` : ''}`
}
