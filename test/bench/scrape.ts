/** What Prometheus would do: asks for the metrics and reads them to the end. */
export interface Scrape {
  readonly milliseconds: number
  readonly text: string
}

export async function scrape(url: string): Promise<Scrape> {
  const start = performance.now()
  const response = await fetch(`${url}/metrics`)
  const text = await response.text()
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
  return { milliseconds: performance.now() - start, text }
}

/** The values of a family, one for each series. */
export function valuesOf(text: string, family: string): number[] {
  return [...text.matchAll(new RegExp(`^${family}(?:\\{[^\\n]*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value))
}

export function sumOf(text: string, family: string): number {
  return valuesOf(text, family).reduce((sum, value) => sum + value, 0)
}
