import { isBelow, type SeenProvider } from '../../data/providers.ts'
import type { DkimFacts, Selector } from '../../probes/dkim.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dkim/provider-set-complete',
  title: 'All selectors between which a provider changes are published',
  severity: 'warning',
  question: 'send',
  rfc: ['best practice'],
  needs: ['dkim'],
  judge(_domain, { dkim }) {
    const sets = setsOf(dkim)
    if (sets.length === 0) return skip('no selector here belongs to a set that a provider is known to use')
    const incomplete = sets.filter(({ missing }) => missing.length > 0)
    const open = incomplete.flatMap(({ missing }) => missing).find(({ answer }) => 'problem' in answer)
    if (open && 'problem' in open.answer) return unknownBecause(open.answer.problem)
    const [first] = incomplete
    if (!first) return passed(...sets.flatMap(({ present }) => present.flatMap(aliasesSeen)))
    const missing = first.missing.map(({ selector }) => selector)
    return fail('failed', { provider: first.provider.name, missing, count: incomplete.length },
      ...incomplete.flatMap(({ missing, present }) => [...missing.flatMap(({ answer }) => 'value' in answer ? [absenceSeen(answer.value)] : []), ...present.flatMap(aliasesSeen)]))
  },
  messages: {
    failed: '{provider} expects {missing} as well',
  },
  explain: `Such providers sign with one key now and with another later, when they replace the first. On that day all your mail is
    signed with a key that nobody finds, and it happens without you having changed anything.`,
  remedy({ name: domain }, { dkim }) {
    const incomplete = setsOf(dkim).filter(({ missing }) => missing.length > 0)
    const set = incomplete.flatMap(({ present, missing }) => missing.flatMap(({ name, selector }) => {
      const target = targetOf(selector, present)
      return target === null ? [] : [`${name}. CNAME ${target}.`]
    }))
    const names = incomplete.flatMap(({ missing }) => missing.map(({ selector }) => `${selector}._domainkey.${domain}`))
    return {
      text: `Publish the aliases that ${incomplete.map(({ provider }) => provider.name).join(' and ')} gives you for ${names.join(', ')}.`,
      ...set.length > 0 ? { records: { set } } : {},
    }
  },
})

interface ProviderSet {
  readonly provider: SeenProvider
  readonly present: readonly Selector[]
  readonly missing: readonly Selector[]
}

/** The providers seen, with sets of which at least one selector is an alias into the provider's own domain. */
function setsOf({ providers, selectors }: DkimFacts): ProviderSet[] {
  return providers.flatMap(provider => {
    const { set } = provider
    const members = selectors.filter(({ selector }) => set?.selectors.includes(selector))
    const present = members.filter(({ exists }) => exists)
    const known = set && present.some(({ answer }) => 'value' in answer && answer.value.aliases.some(({ data }) => isBelow(data.target, set.behind)))
    return known ? [{ provider, present, missing: members.filter(({ exists }) => !exists) }] : []
  })
}

function aliasesSeen({ answer }: Selector): Evidence[] {
  return 'value' in answer ? answer.value.aliases.slice(0, 1).map(recordSeen) : []
}

/** Where the alias of a sibling begins with the sibling's own name, that of the missing one begins with its name. */
function targetOf(missing: string, present: readonly Selector[]): string | null {
  for (const { selector, answer } of present) {
    const target = 'value' in answer ? answer.value.aliases[0]?.data.target : undefined
    if (target?.startsWith(selector) && /^[-.]/.test(target.slice(selector.length))) return missing + target.slice(selector.length)
  }
  return null
}
