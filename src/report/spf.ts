/** An evaluation of SPF for people: what came out, and the steps to it as a tree. */
import type { Asked } from '../evaluate/asking.ts'
import type { SpfRequest, SpfResult, SpfStep, SpfTrace, SpfVerdict } from '../evaluate/check-host.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import { visible } from './visible.ts'

export function renderSpf({ ip }: Pick<SpfRequest, 'ip'>, verdict: SpfVerdict, { colour }: { readonly colour: boolean }): string {
  const paint = painter(colour)
  const { result, explanation, matched, trace, lookups } = verdict
  const facts: [string, string][] = [['because', visible(trace.because)]]
  if (matched !== null) facts.push(['matched', visible(matched)])
  if (result === 'fail') facts.push(['explanation', explanation === null ? 'none given' : `${visible(trace.domain)} explains: ${visible(explanation)}`])
  facts.push(['DNS lookups', `${lookups} of at most 10`], ['void lookups', `${verdict.void} of at most 2`])
  return [
    `${paint('bold', paint(tints[result], result))}: ${meaning(result, ip, visible(trace.domain))}`,
    ...facts.map(([name, value]) => `  ${name.padEnd(14)}${value}`),
    '',
    ...renderTrace(trace, paint),
    '',
  ].join('\n')
}

const tints: Readonly<Record<SpfResult, Tint>> = {
  pass: 'green', fail: 'red', softfail: 'yellow', neutral: 'dim', none: 'dim', permerror: 'red', temperror: 'yellow',
}

/** RFC 7208 §2.6. */
function meaning(result: SpfResult, ip: string, domain: string): string {
  switch (result) {
    case 'pass': return `${ip} may send mail as ${domain}`
    case 'fail': return `${ip} may not send mail as ${domain}`
    case 'softfail': return `${ip} probably may not send mail as ${domain}`
    case 'neutral': return `${domain} does not say whether ${ip} may send mail as it`
    case 'none': return `${domain === '' ? 'the sender' : domain} has no SPF policy`
    case 'permerror': return `the SPF policy of ${domain} cannot be evaluated until it is mended`
    case 'temperror': return `the SPF policy of ${domain} could not be evaluated now`
  }
}

function renderTrace({ domain, record, asked, terms, result }: SpfTrace, paint: Paint): string[] {
  const head = record === null ? asked.map(one => renderAsked(one)) : [`${paint('bold', visible(domain))}: ${visible(record)}`]
  const steps = terms.flatMap((step, i) => {
    const last = i === terms.length - 1 && terms.length > 0
    const [first = '', ...rest] = renderStep(step, paint)
    return [`${last ? '└─' : '├─'} ${first}`, ...rest.map(line => `${last ? '  ' : '│ '} ${line}`)]
  })
  const decided = terms.at(-1)?.outcome
  const ending = decided === undefined || decided === 'no-match' ? [`   ${paint('dim', `so it gives ${result}`)}`] : []
  return [...head.length > 0 ? head : [visible(domain)], ...steps, ...ending]
}

const outcomes: Readonly<Record<SpfStep['outcome'], readonly [words: string, tint: Tint]>> = {
  'match': ['match', 'green'], 'no-match': ['no match', 'dim'], 'temperror': ['temperror', 'yellow'], 'permerror': ['permerror', 'red'],
  'followed': ['followed', 'cyan'], 'used': ['used', 'cyan'], 'ignored': ['ignored', 'dim'],
}

function renderStep({ term, target, asked, outcome, because, inner }: SpfStep, paint: Paint): string[] {
  const [words, tint] = outcomes[outcome]
  const name = target !== undefined && !term.toLowerCase().endsWith(target.toLowerCase()) && term.includes('%') ? ` = ${visible(target)}` : ''
  return [
    `${visible(term)}${name}  ${paint(tint, words)}${outcome === 'used' ? '' : `, ${visible(because)}`}`,
    ...asked.map(one => `   ${paint('dim', renderAsked(one))}`),
    ...(inner ? renderTrace(inner, paint) : []),
  ]
}

function renderAsked({ name, type, rcode, records, alias, problem }: Asked): string {
  const answer = problem ?? (rcode === 'NXDOMAIN' ? 'no such name' : records.length === 0 ? 'no such record' : records.join(', '))
  return `${visible(name)} ${type}: ${visible(answer)}${alias === undefined ? '' : ` (by way of ${visible(alias)})`}`
}
