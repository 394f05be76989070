/**
 * The embedded world in a process of its own, so that what is measured does not pay for it. Arguments: milliseconds of a
 * round trip, number of copies of the good domain. Prints one JSON line, and ends when its input does.
 */
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { packageRoot } from '../../src/package.ts'
import { parseWorld } from '../../src/lab/read-world.ts'
import { startWorld } from '../../src/lab/world.ts'

export interface Lab {
  readonly resolver: { readonly host: string; readonly port: number }
  readonly ca: string
  readonly domains: readonly string[]
  /** `address port` -> loopback port. */
  readonly routes: Readonly<Record<string, number>>
}

const ports = [53, 25, 465, 587, 143, 993, 110, 995, 443]

const [latency = 0, copies = 1] = process.argv.slice(2).map(Number)
const text = readFileSync(join(packageRoot(), 'fixtures/worlds/good.yaml'), 'utf8')
const worlds = Array.from({ length: copies }, (_, i) => parseWorld(i === 0 ? text : copy(text, i)))
const world = await startWorld(worlds, { latency })
const routes: Record<string, number> = {}
for (const address of world.addresses) {
  for (const port of ports) {
    const route = world.route(address, port)
    if (route) routes[`${address} ${port}`] = route.port
  }
}
process.stdout.write(`${JSON.stringify({ resolver: world.resolver, ca: world.ca, domains: world.domains, routes } satisfies Lab)}\n`)
process.stdin.resume().once('end', () => void world.close())

/** The same domain under another name, at addresses of its own. */
function copy(original: string, i: number): string {
  return original
    .replaceAll('good.example', `good${i}.example`)
    .replaceAll('11.25.', `11.${25 + i}.`)
    .replaceAll('25.11.in-addr.arpa', `${25 + i}.11.in-addr.arpa`)
    .replaceAll('2e00:25:', `2e00:${25 + i}:`)
    .replaceAll('5.2.0.0.0.0.e.2.ip6.arpa', `${nibbles(25 + i)}.0.0.e.2.ip6.arpa`)
}

/** The second group of an address, written in decimal digits, as reverse names have it: 25 -> `5.2.0.0` (RFC 3596 §2.5). */
function nibbles(group: number): string {
  return Array.from(String(group).padStart(4, '0')).toReversed().join('.')
}
