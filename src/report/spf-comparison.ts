/** Whom one SPF record passes and another does not, for people and for programs. */
import { union } from '../evaluate/address-set.ts'
import { compareSpf, type SpfChange } from '../evaluate/spf-compare.ts'
import type { SpfSets } from '../evaluate/spf-set.ts'
import { painter } from './paint.ts'
import { amount, apartJson, passing, renderDoubts, renderSets, setsJson, type Sets } from './spf-sets.ts'
import { visible } from './visible.ts'

/** One side of a comparison. */
export interface ComparedSpf {
  /** What the user named. */
  readonly name: string
  readonly sets: SpfSets
}

export function comparisonJson(before: ComparedSpf, after: ComparedSpf): object {
  const changes = compareSpf(before.sets, after.sets)
  return {
    gained: setsJson(gained(changes)), lost: setsJson(lost(changes)),
    changes: changes.map(({ from, to, sets }) => ({ from, to, ...setsJson(sets) })),
    apart: { before: apartJson(before.sets), after: apartJson(after.sets) },
    problems: { before: before.sets.problems, after: after.sets.problems },
  }
}

export function renderComparison(before: ComparedSpf, after: ComparedSpf, { colour }: { readonly colour: boolean }): string {
  const paint = painter(colour)
  const changes = compareSpf(before.sets, after.sets)
  const others = changes.filter(({ from, to }) => from !== 'pass' && to !== 'pass')
  return [
    `${paint('bold', 'before')}  ${visible(before.name)}: passes ${amount(passing(before.sets))}`,
    `${paint('bold', 'after')}   ${visible(after.name)}: passes ${amount(passing(after.sets))}`,
    '',
    `${paint('bold', paint('green', 'gained'))}  ${amount(gained(changes))}`,
    ...renderSets('+ ', gained(changes), paint),
    `${paint('bold', paint('red', 'lost'))}    ${amount(lost(changes))}`,
    ...renderSets('- ', lost(changes), paint),
    ...changes.filter(({ from }) => from === 'pass').map(({ to, sets }) => `  ${to} for ${amount(sets)} of them`),
    ...(others.length > 0 ? ['', paint('bold', 'not passed before or after')] : []),
    ...others.map(({ from, to, sets }) => `  ${from} becomes ${to} for ${amount(sets, true)}`),
    ...sides(before, after, ({ sets }) => renderDoubts(sets, paint)),
    '',
  ].join('\n')
}

function sides(before: ComparedSpf, after: ComparedSpf, render: (side: ComparedSpf) => string[]): string[] {
  return [before, after].flatMap((side, i) => {
    const lines = render(side)
    return lines.length > 0 ? ['', `${i === 0 ? 'before' : 'after'}:`, ...lines.filter(line => line !== '')] : []
  })
}

function gained(changes: readonly SpfChange[]): Sets {
  return unite(changes.filter(({ to }) => to === 'pass'))
}

function lost(changes: readonly SpfChange[]): Sets {
  return unite(changes.filter(({ from }) => from === 'pass'))
}

function unite(changes: readonly SpfChange[]): Sets {
  return { 4: union(...changes.map(({ sets }) => sets[4])), 6: union(...changes.map(({ sets }) => sets[6])) }
}

