/**
 * The house rules of src, held as data: which room may import what from which. Every import of every file is read with the
 * compiler's own parser; importing a type is a smaller thing than importing a value, so the two have columns of their own.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

interface Rule {
  /** Rooms, folders (`network/dns/`) or files (`network/network.ts`) whose values may be imported. */
  readonly values: readonly string[]
  /** More of them, for types alone. */
  readonly types: readonly string[]
  /** Packages and built-ins; `node:net/isIP` means the pure names of node:net alone. */
  readonly packages: readonly string[]
}

const everywhere = ['reasons', 'services', 'data'] // vocabulary: imports nothing, may be imported by all
const boundary = 'network/network.ts' // the interface, NetworkFailure and outcome()
const all = ['*']

const rules: Readonly<Record<string, Rule>> = {
  reasons: { values: [], types: [], packages: [] },
  services: { values: [], types: [], packages: [] },
  data: { values: ['package'], types: [], packages: ['node:fs', 'node:path', 'yaml'] }, // reads its own YAML, and nothing else
  package: { values: [], types: [], packages: ['node:fs', 'node:path', 'node:url'] },
  syntax: { values: [], types: [], packages: ['node:crypto', 'node:net/isIP', 'node:url', 'node:zlib', 'tldts', 'pkijs', 'asn1js', 'saxes'] },
  evaluate: { values: ['syntax'], types: ['network'], packages: ['node:net/isIP'] },
  network: { values: ['syntax'], types: [], packages: ['node:*', 'dns2', 'p-limit', 'yaml'] },
  protocols: { values: ['syntax'], types: ['network'], packages: ['node:crypto'] },
  probes: { values: [boundary, 'protocols', 'evaluate', 'syntax'], types: ['network', 'scope'], packages: ['node:net/isIP'] },
  mailbox: { values: [boundary, 'protocols', 'probes', 'syntax'], types: ['network', 'scope'], packages: [] },
  delivery: { values: [boundary, 'mailbox', 'protocols', 'probes', 'evaluate', 'syntax', 'run', 'scope'], types: ['network', 'config', 'checks'], packages: ['node:crypto'] },
  checks: { values: ['syntax', 'evaluate'], types: ['probes', 'scope', 'network'], packages: ['node:net/isIP'] },
  run: { values: [boundary], types: ['checks', 'probes', 'scope'], packages: [] },
  report: { values: ['checks', 'syntax', 'evaluate'], types: ['delivery', 'run', 'probes', 'scope', 'network', 'logs'], packages: ['cli-table3', 'node:net/isIP'] },
  change: { values: ['syntax', 'evaluate', 'run', 'report'], types: all, packages: ['yaml'] },
  monitor: {
    values: ['report', 'run', 'probes', 'network', 'checks', 'scope', 'syntax', 'evaluate', 'index', 'logs'], types: all,
    packages: ['node:http', 'node:https', 'node:net', 'node:tls', 'node:fs', 'node:fs/promises', 'node:path', 'node:readline', 'node:crypto', 'node:v8', 'node:zlib', 'prom-client', 'bcryptjs', 'yaml', 'zod', 'p-limit'],
  },
  logs: { values: ['syntax'], types: [], packages: ['node:fs', 'node:zlib', 'node:path', 'node:crypto'] }, // the mail log: reads files as they grow
  lab: { values: ['network/dns/', 'syntax', 'package'], types: ['network'], packages: ['node:*', 'dns2', 'yaml', 'zod', 'pkijs', 'asn1js'] },
  scope: { values: ['syntax'], types: ['config'], packages: ['node:fs', 'yaml', 'zod'] },
  config: { values: ['syntax', 'scope'], types: [], packages: ['node:fs', 'node:net/isIP', 'yaml', 'zod'] },
  commands: { values: all, types: all, packages: ['node:*', '@oclif/core', 'p-limit', 'yaml'] },
  index: { values: all, types: all, packages: ['node:*'] },
  cli: { values: all, types: all, packages: ['node:*', '@oclif/core'] },
}

/** Pure functions and values: no socket comes of them. */
const pureNames = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'])

interface Import {
  readonly file: string
  readonly line: number
  readonly specifier: string
  readonly typeOnly: boolean
  /** Null when the whole module is taken. */
  readonly names: readonly string[] | null
}

const root = new URL('../src/', import.meta.url)
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).toSorted()
const imports = files.flatMap(readImports)

function readImports(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(new URL(file, root), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean, names: readonly string[] | null): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return
    found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, specifier: specifier.text, typeOnly, names })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause
      const bindings = clause?.namedBindings
      const named = bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined
      const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || (!clause?.name && (named?.every(element => element.isTypeOnly) ?? false))
      const names = named && !clause?.name ? named.filter(element => !element.isTypeOnly).map(({ name, propertyName }) => (propertyName ?? name).text) : null
      add(node, node.moduleSpecifier, typeOnly, names)
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly, null)
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true, null)
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression.getText(source)
      if (callee === 'require' || node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], false, null)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The first folder below src, or the file itself. */
function roomOf(file: string): string {
  const [first = ''] = file.split('/')
  return first.replace(/\.ts$/, '')
}

/** `network/tcp.ts`; null for packages and built-ins. */
function targetOf({ file, specifier }: Import): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : null
}

function permits(list: readonly string[], target: string): boolean {
  return list.some(entry => entry === '*' || entry === target || entry === roomOf(target) || (entry.endsWith('/') && target.startsWith(entry)))
}

function packageOf(specifier: string): string {
  return specifier.startsWith('node:') ? specifier.replace('/promises', '') : specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** What is wrong with an import; null when nothing is. */
function complaint(one: Import): string | null {
  const room = roomOf(one.file)
  const rule = rules[room]
  const where = `${one.file}:${one.line}`
  if (!rule) return `${where}: there is no room "${room}"`
  const target = targetOf(one)
  if (target?.startsWith('..')) return `${where}: ${one.specifier} leads out of src`
  if (target !== null) {
    if (roomOf(target) === room || permits(everywhere, target) || permits(rule.values, target)) return null
    if (one.typeOnly) return permits(rule.types, target) ? null : `${where}: ${room} may not even import types from ${target}`
    return `${where}: ${room} may not import values from ${target}`
  }
  const name = packageOf(one.specifier)
  if (rule.packages.includes(name) || (name.startsWith('node:') && rule.packages.includes('node:*'))) return null
  const pure = name === 'node:net' && rule.packages.includes('node:net/isIP') && one.names?.every(imported => pureNames.has(imported))
  return pure ? null : `${where}: ${room} may not import ${name}`
}

test('every import keeps to the table', () => {
  expect(files.length).toBeGreaterThan(20)
  expect(imports.map(complaint).filter(told => told !== null)).toEqual([])
})

test('only the boundary, the lab and the monitor can open a socket', () => {
  const sockets = ['node:net', 'node:tls', 'node:dgram', 'node:http', 'node:https', 'node:http2', 'node:dns', 'dns2']
  const openers = imports.filter(({ specifier, typeOnly, names }) =>
    sockets.includes(packageOf(specifier)) && !typeOnly && !(specifier === 'node:net' && names?.every(name => pureNames.has(name))))
  expect([...new Set(openers.map(({ file }) => roomOf(file)))].filter(room => !['network', 'lab', 'monitor'].includes(room))).toEqual([])
})

test('no program is started from src', () => {
  expect(imports.filter(({ specifier }) => specifier === 'node:child_process').map(({ file }) => file)).toEqual([])
})

test('imports name files, not folders', () => {
  const missing = imports.filter(one => {
    const target = targetOf(one)
    return target !== null && !/\.(?:ts|json|ya?ml)$/.test(target)
  })
  expect(missing.map(({ file, specifier }) => `${file}: ${specifier}`)).toEqual([])
})

test('no room needs itself by way of others', () => {
  const edges = new Map<string, Set<string>>()
  for (const one of imports) {
    const target = targetOf(one)
    if (target === null || one.typeOnly || roomOf(target) === roomOf(one.file)) continue
    edges.set(roomOf(one.file), (edges.get(roomOf(one.file)) ?? new Set()).add(roomOf(target)))
  }
  const circles: string[] = []
  const walk = (room: string, path: readonly string[]): void => {
    if (path.includes(room)) circles.push([...path.slice(path.indexOf(room)), room].join(' -> '))
    else for (const next of edges.get(room) ?? []) walk(next, [...path, room])
  }
  for (const room of edges.keys()) walk(room, [])
  expect([...new Set(circles)]).toEqual([])
})

test('names say what a thing is', () => {
  const vague = /(?:^|[-/])(?:utils?|helpers?|common|manager|info)(?:[-./]|$)/
  expect(files.filter(file => vague.test(file) || !/^[a-z0-9/.-]+$/.test(file))).toEqual([])
})

describe('the table is read as it is meant', () => {
  const one = (file: string, specifier: string, typeOnly = false, names: readonly string[] | null = null): Import => ({ file, line: 1, specifier, typeOnly, names })
  test.each([
    ['a check that opens a socket', one('checks/mx/a.ts', 'node:net', false, ['connect']), /may not import node:net/],
    ['a check that tells an address', one('checks/mx/a.ts', 'node:net', false, ['isIPv6']), null],
    ['a check that asks the network', one('checks/mx/a.ts', '../../network/live.ts'), /may not import values/],
    ['a check that knows the shape of a failure', one('checks/mx/a.ts', '../../network/network.ts', true), null],
    ['a probe that goes around the boundary', one('probes/mx.ts', '../network/tcp.ts'), /may not import values/],
    ['a probe that knows its failures', one('probes/mx.ts', '../network/network.ts'), null],
    ['a parser that knows a probe', one('syntax/spf.ts', '../probes/spf.ts', true), /even import types/],
    ['anybody who names a reason', one('syntax/spf.ts', '../reasons.ts'), null],
    ['the lab that builds an answer', one('lab/dns-server.ts', '../network/dns/codec.ts'), null],
    ['the lab that asks', one('lab/dns-server.ts', '../network/live.ts'), /may not import values/],
    ['a room nobody knows', one('attic/box.ts', 'node:fs'), /no room "attic"/],
    ['a way out of src', one('index.ts', '../test/world.ts'), /out of src/],
  ])('%s', (_, told, expected) => {
    if (expected === null) expect(complaint(told)).toBeNull()
    else expect(complaint(told)).toMatch(expected)
  })
})
