/**
 * The content of a target file: a list of groups, each with `targets` and, if it likes, `labels`, in YAML or in JSON.
 *
 *   - targets: [example.com, example.org]
 *     labels: { team: mail }
 */
import { parse } from 'yaml'
import { z } from 'zod'
import { parseDomain } from '../syntax/domain.ts'
import type { NamedDomain } from './settings.ts'

const shape = z.array(z.strictObject({
  targets: z.array(z.string()),
  labels: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
})).nullable()

export interface TargetList {
  readonly domains: readonly NamedDomain[]
  /** What is no domain. */
  readonly refused: readonly string[]
}

/** A label name of Prometheus, and none of those it keeps for itself, but for those of service discovery. */
const labelName = /^(?:__meta_[a-zA-Z0-9_]+|__param_[a-zA-Z0-9_]+|(?!__)[a-zA-Z_][a-zA-Z0-9_]*)$/

/** Throws an error that says what is wrong. */
export function parseTargets(text: string): TargetList {
  // The YAML library compares every key of a mapping with every other; JSON, which is what programs write, has a reader that does not.
  const value: unknown = /^\s*[[{]/.test(text) ? JSON.parse(text) : parse(text, { maxAliasCount: 100, uniqueKeys: false, prettyErrors: false })
  const parsed = shape.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`${issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue?.message ?? 'it is no list of targets'}`)
  }
  const domains = new Map<string, NamedDomain>()
  const refused: string[] = []
  for (const { targets, labels } of parsed.data ?? []) {
    const own = Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => labelName.test(name)).map(([name, label]) => [name, String(label)]))
    for (const target of targets) {
      const domain = parseDomain(target)
      if ('error' in domain || 'note' in domain) refused.push(target)
      else domains.set(domain.domain, { ...domain, ...(Object.keys(own).length > 0 ? { labels: own } : {}) })
    }
  }
  return { domains: [...domains.values()], refused }
}
