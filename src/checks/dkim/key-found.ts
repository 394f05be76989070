import type { DkimFacts } from '../../probes/dkim.ts'
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
  defersTo: ['dns/targets-not-claimable'],
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
function undecided(dkim: DkimFacts): ReturnType<typeof unknown> {
  const { selectors, wildcard } = dkim
  const failed = [...selectors.map(({ answer }) => answer), wildcard.answer].find(answer => 'problem' in answer)
  if (failed && 'problem' in failed && selectors.every(({ answer }) => 'problem' in answer)) return unknownBecause(failed.problem)
  const everywhere = 'value' in wildcard.answer && wildcard.answer.value.records.length > 0 ? '; a wildcard gives all of them the same answer' : ''
  return unknown('selector-unknown', `tried ${tried(dkim)}${everywhere}; name yours with --selector NAME, or in mailcheck.yaml under `
    + 'selectors (it is the s= of the DKIM-Signature in a message that you sent)')
}

/** Every name that was asked for, and why that one. */
function tried({ selectors, providers }: DkimFacts): string {
  const guesses = providers.flatMap(({ name, because }) => {
    const own = selectors.filter(({ source, provider }) => source === 'provider' && provider === name).map(({ selector }) => selector)
    return own.length > 0 ? [`${own.join(', ')} (used by ${name}, seen in ${because})`] : []
  })
  const nameless = providers.filter(provider => provider.selectors.length === 0).map(({ name, because }) => `${name}, seen in ${because}, gives each customer names of its own`)
  const common = selectors.filter(({ source }) => source === 'common').map(({ selector }) => selector)
  return [...guesses, ...common.length > 0 ? [`${common.join(', ')} (common names)`] : [], ...nameless].join('; ')
}
