/** Spans of time as worlds write them: `-10d`, `+90d`, `12h`, `250ms`. */

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
export const durationPattern = /^([+-]?)(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** Milliseconds; NaN for anything else. */
export function parseDuration(text: string): number {
  const [, sign, count, unit] = durationPattern.exec(text) ?? []
  if (count === undefined) return NaN
  return (sign === '-' ? -1 : 1) * Number(count) * units[unit as keyof typeof units]
}
