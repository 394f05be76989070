/**
 * The text format of Prometheus (0.0.4), for many domains. What a domain has to say is written when a run of it ends, by
 * family; a scrape puts the pieces together. So a scrape costs next to nothing, however many series there are.
 */
import { visible } from '../report/visible.ts'
import { families, type FamilyName } from './families.ts'
import type { Samples } from './metrics.ts'

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Characters of a label's value; a domain name has 253, an endpoint some 60 more. */
const longestLabel = 400

export class Exposition {
  readonly #domains = new Map<string, DomainLines>()

  set(domain: string, samples: Samples): void {
    this.#domains.set(domain, new DomainLines(linesByFamily(samples)))
  }

  delete(domain: string): void {
    this.#domains.delete(domain)
  }

  /** Families of domains that have series, each as one piece. */
  *pieces(): Generator<Buffer> {
    for (const [i, { name, help, type }] of ofDomains.entries()) {
      const pieces = [...this.#domains.values()].flatMap(lines => lines.piece(i) ?? [])
      if (pieces.length > 0) yield Buffer.concat([Buffer.from(heading(name, help, type)), ...pieces])
    }
  }
}

const ofDomains = families.filter(({ of }) => of === 'domain')

/** What one domain has to say: whole lines as they are sent, in one piece of memory and by family, as there are thousands. */
class DomainLines {
  readonly #octets: Buffer
  /** Where the lines of each family end. */
  readonly #ends: Uint32Array

  constructor(lines: ReadonlyMap<FamilyName, string>) {
    const texts = ofDomains.map(({ name }) => lines.get(name) ?? '')
    let end = 0
    this.#ends = Uint32Array.from(texts, text => (end += Buffer.byteLength(text)))
    this.#octets = Buffer.allocUnsafeSlow(end)
    this.#octets.write(texts.join(''))
  }

  /** The lines of a family, by its place in `ofDomains`. */
  piece(i: number): Buffer | null {
    const [begin = 0, end = 0] = [i === 0 ? 0 : this.#ends[i - 1], this.#ends[i]]
    return begin === end ? null : this.#octets.subarray(begin, end)
  }
}

/** A text by itself: of one probe, or of what never changes. */
export function exposition(samples: Samples): string {
  const lines = linesByFamily(samples)
  return families.flatMap(({ name, help, type }) => {
    const text = lines.get(name)
    return text === undefined ? [] : [`${heading(name, help, type)}${text}`]
  }).join('')
}

function heading(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`
}

function linesByFamily(samples: Samples): Map<FamilyName, string> {
  const lines = new Map<FamilyName, string>()
  const written = new Set<string>()
  for (const { family, labels, value } of samples) {
    const series = `${family}${labelText(labels)}`
    if (written.has(series)) continue // what is shown alike after shortening would spoil the scrape of everything
    written.add(series)
    lines.set(family, `${lines.get(family) ?? ''}${series} ${value}\n`)
  }
  return lines
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Host names may hold any octet: what cannot be seen is shown by its number, before it is escaped for the format. */
function escape(value: string): string {
  return visible(value.slice(0, longestLabel)).replace(/[\\"]/g, '\\$&')
}
