/** The requirements of a profile: which are met, which are not, and which nobody can tell from here. */
import type { ProfileResult, RequirementResult } from './profile.ts'
import type { Tint } from './paint.ts'
import type { Report } from './report.ts'
import type { Page } from './text.ts'
import { harmless } from './visible.ts'
import { wrap } from './wrap.ts'

export const requirementMarks: Readonly<Record<RequirementResult['state'], readonly [mark: string, word: string, tint: Tint]>> = {
  met: ['+', 'met', 'green'], 'not-met': ['x', 'not met', 'red'], unknown: ['?', 'unknown', 'yellow'], 'not-applicable': ['-', 'does not apply', 'dim'],
  'not-judged': ['-', 'left out of this run', 'dim'],
}

export function renderProfile({ profile }: Report, { width, paint }: Page): string[] {
  if (!profile) return []
  return [
    paint('bold', `Profile ${harmless(profile.name)}: ${profileCount(profile)}`),
    ...wrap(harmless(`${profile.title} (${[profile.source.title, profile.source.date].filter(text => text !== '').join(', ')})`), width - 2).map(line => `  ${line}`),
    ...profile.requirements.flatMap(requirement => {
      const [mark, word, tint] = requirementMarks[requirement.state]
      const why = requirementReason(requirement)
      const text = `${requirement.text} (${requirement.level}): ${word}${why}`
      return wrap(harmless(text), width - 4).map((line, i) => (i === 0 ? `  ${paint(tint, mark)} ${line}` : `    ${line}`))
    }),
  ]
}

/** `: spf/record-exists, dmarc/policy-enforced`; empty where there is nothing to say. */
export function requirementReason({ because, state }: RequirementResult): string {
  return because.length > 0 ? `: ${because.join(', ')}` : state === 'unknown' ? ': it cannot be seen from outside' : ''
}

/** `5 of 9 requirements met, 1 not met, 3 unknown` */
export function profileCount({ requirements }: ProfileResult): string {
  const count = (state: RequirementResult['state']): number => requirements.filter(requirement => requirement.state === state).length
  const applying = requirements.length - count('not-applicable')
  return [
    `${count('met')} of ${applying} requirements met`, ...count('not-met') > 0 ? [`${count('not-met')} not met`] : [],
    ...count('unknown') > 0 ? [`${count('unknown')} unknown`] : [], ...count('not-judged') > 0 ? [`${count('not-judged')} left out`] : [],
  ].join(', ')
}
