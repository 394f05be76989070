/** A time as the user writes it, such as 2026-11-23T10:00:00Z or 2026-11-23; without a zone it is UTC. Null for what is none. */
export function timeOf(text: string): Date | null {
  const date = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? new Date(/T/.test(text) && !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text) : null
  return date && !Number.isNaN(date.getTime()) ? date : null
}
