/** An evaluation of DMARC for people: what came out, by which record, and where receivers of the older standard decide otherwise. */
import type { DmarcReading, DmarcResult, DmarcVerdict, Identifier } from '../evaluate/dmarc.ts'
import type { LegacyReading } from '../evaluate/dmarc-legacy.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import { visible } from './visible.ts'

export function renderDmarc(verdict: DmarcVerdict, legacy: LegacyReading | null, { colour }: { readonly colour: boolean }): string {
  const paint = painter(colour)
  const { result, authorDomain, because, orgDomain, record, identifiers, queries } = verdict
  const facts: [string, string][] = [['because', visible(because)]]
  if (authorDomain !== null) facts.push(['author domain', visible(authorDomain)])
  if (orgDomain !== null) facts.push(['organization', visible(orgDomain)])
  if (record !== null) facts.push(['policy', policyWords(verdict)], ['record', visible(record)])
  for (const identifier of identifiers) facts.push([identifier.mechanism.toUpperCase(), identifierWords(identifier, paint)])
  if (queries.length > 0) facts.push(['asked', queries.map(visible).join(', ')])
  return [
    `${paint('bold', paint(tints[result], result))}: ${meaning(verdict)}`,
    ...facts.map(([name, value]) => `  ${name.padEnd(15)}${value}`),
    ...legacy ? ['', ...legacyWords(verdict, legacy, paint)] : [],
    '',
  ].join('\n')
}

const tints: Readonly<Record<DmarcResult, Tint>> = { pass: 'green', fail: 'red', none: 'dim', permerror: 'red', temperror: 'yellow' }

function meaning({ result, policy, policyDomain, authorDomain }: DmarcReading & { readonly authorDomain: string | null }): string {
  const author = visible(authorDomain ?? '')
  switch (result) {
    case 'pass': return `the message is from ${author}, as it says`
    case 'fail': return `nothing shows that the message is from ${author}; ${visible(policyDomain ?? '')} asks ${asks(policy)}`
    case 'none': return `DMARC says nothing about mail from ${author}`
    case 'permerror': return 'DMARC cannot be evaluated for this message'
    case 'temperror': return 'DMARC could not be evaluated now'
  }
}

function asks(policy: DmarcReading['policy']): string {
  return policy === 'reject' ? 'receivers to reject it' : policy === 'quarantine' ? 'receivers to treat it as suspicious' : 'for nothing to be done about it'
}

function policyWords({ policy, stated, tag, policyDomain }: DmarcReading): string {
  const source = `_dmarc.${visible(policyDomain ?? '')}`
  if (policy === null) return `not known, of ${source}`
  if (tag === null) return `${policy}, which is what the record at ${source} counts as`
  return `${policy} (${tag}=${stated ?? ''} at ${source}${stated === policy ? '' : ', lowered by t=y'})`
}

function identifierWords({ domain, result, aligned, because }: Identifier, paint: Paint): string {
  const word = aligned === null ? paint('yellow', 'open') : aligned ? paint('green', 'aligned') : paint('dim', 'not aligned')
  return `${visible(domain)} (${visible(result)}): ${word}, ${visible(because)}`
}

/** In one line where it comes to the same. */
function legacyWords(verdict: DmarcVerdict, legacy: LegacyReading, paint: Paint): string[] {
  const { result, policy, orgDomain, policyDomain, pct, because } = legacy
  const differs = (name: string, now: string | null, before: string | null): string[] =>
    now === before ? [] : [`${name} ${visible(before ?? 'none')} instead of ${visible(now ?? 'none')}`]
  const sampled = result === 'fail' && pct < 100 && policy !== 'none' ? [`pct=${pct}: the policy is applied to ${pct} % of such mail`] : []
  const differences = [
    ...differs('policy', verdict.policy, policy), ...differs('policy domain', verdict.policyDomain, policyDomain),
    ...differs('organizational domain', verdict.orgDomain, orgDomain), ...sampled,
  ]
  if (result === verdict.result && differences.length === 0) return [paint('dim', 'Receivers that still follow RFC 7489 decide alike.')]
  return [
    result === verdict.result ? 'Receivers that still follow RFC 7489 come to the same result, but:'
      : `Receivers that still follow RFC 7489 decide otherwise: ${paint('bold', paint(tints[result], result))}, ${visible(because)}`,
    ...differences.map(one => `  ${one}`),
  ]
}
