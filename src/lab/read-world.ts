/** Worlds from files: every mistake is named with its file, line and column, before anything is served. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { packageRoot } from '../package.ts'
import { parseZone } from '../syntax/zone.ts'
import { worldShape, type World } from './definition.ts'
import { blankTlsa } from './tlsa-placeholder.ts'
import { WorldError } from './world-error.ts'

/** The worlds that come with mailcheck; of these names only, if any are given (`good` is fixtures/worlds/good.yaml). @throws WorldError */
export function loadWorlds(...names: readonly string[]): World[] {
  const folder = join(packageRoot(), 'fixtures', 'worlds')
  return names.length === 0 ? readWorlds(folder) : names.map(name => readWorld(join(folder, `${name}.yaml`)))
}

/** Every `*.yaml` of a folder, in the order of their names. @throws WorldError */
export function readWorlds(folder: string): World[] {
  return readdirSync(folder).filter(name => name.endsWith('.yaml')).toSorted()
    .map(name => readWorld(join(folder, name)))
}

/** @throws WorldError */
export function readWorld(file: string): World {
  return parseWorld(readFileSync(file, 'utf8'), basename(file))
}

/** @throws WorldError */
export function parseWorld(text: string, file = 'world'): World {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [broken] = document.errors
  if (broken) throw new WorldError([`${file}:${placeOf(lineCounter, broken.pos[0])}: ${broken.message}`])
  const shaped = worldShape.safeParse(document.toJS() ?? {})
  if (!shaped.success) {
    throw new WorldError(shaped.error.issues.map(({ path, message }) =>
      `${file}:${placeOf(lineCounter, offsetOf(document, path))}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`))
  }
  const problems = Object.entries(shaped.data.zones).flatMap(([origin, { records }]) => {
    const path = ['zones', origin]
    const under = document.getIn([...path, 'records'], true) ? [...path, 'records'] : path
    const { line } = lineCounter.linePos(offsetOf(document, under))
    const { text: blank, names } = blankTlsa(records)
    return [
      ...parseZone(blank, { origin }).errors.map(error => `${file}:${line + error.line}: zone ${origin}: ${error.message}`),
      ...names.filter(name => !(name in shaped.data.certificates)).map(name => `${file}:${line}: zone ${origin}: there is no certificate "${name}"`),
    ]
  })
  if (problems.length > 0) throw new WorldError(problems)
  return shaped.data
}

/** Where the innermost part of this path that exists begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function placeOf(lineCounter: LineCounter, offset: number): string {
  const { line, col } = lineCounter.linePos(offset)
  return `${line}:${col}`
}
