/**
 * mailcheck.yaml: what the user knows of their domains and servers. Unknown keys are errors, because a misspelt key would be
 * silence where protection was meant; every error names file, line and column, and what is allowed there.
 */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml'
import { z } from 'zod'
import { parseDomain } from './syntax/domain.ts'
import { parseHostPort } from './syntax/host-port.ts'
import { parseListenAddress } from './syntax/listen-address.ts'
import { nearest } from './syntax/nearest.ts'

const tri = z.enum(['yes', 'no', 'unknown'])
const serviceNames = ['submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'] as const
/** `mail.example.com` or `mail.example.com:465` */
const hostPort = z.string().refine(text => parseHostPort(text) !== null, 'a host, or host:port')
const namedHostPort = hostPort.refine(text => isIP(parseHostPort(text)?.host ?? '') === 0, 'a host name, which its certificate can be compared with')
const controlName = z.string().regex(/^[\w-]{1,63}(?:\.[\w-]{1,63})*$/, 'a domain name')
const duration = z.string().regex(/^0*[1-9]\d{0,8}(?:ms|s|m|h|d)$/, 'a number with its unit: ms, s, m, h or d')
/** What `protocols/sasl.ts` speaks, and the command of POP3. */
const mechanismName = /^(?:SCRAM-SHA-(?:256|1)(?:-PLUS)?|CRAM-MD5|PLAIN|LOGIN|OAUTHBEARER|XOAUTH2|USER)$/i
const globs = z.array(z.string().min(1))

const domainShape = z.strictObject({
  selectors: z.array(z.string().regex(/^[^\s.]+(?:\.[^\s.]+)*$/, 'a DKIM selector')).describe('DKIM selectors in use').optional(),
  context: z.strictObject({ receiving: tri.optional(), sending: tri.optional(), parked: tri.optional() })
    .describe('instead of what would be found out').optional(),
  own: z.boolean().describe('you operate these servers: permits intrusive checks').optional(),
  services: z.partialRecord(z.enum(serviceNames), namedHostPort.nullable())
    .describe('where people send and read: host or host:port; null when it is not offered').optional(),
  senders: z.array(z.strictObject({
    address: z.string().refine(text => isIP(text) !== 0, 'an IPv4 or IPv6 address'),
    mailFrom: z.string().optional(),
    dkim: z.string().optional(),
  })).describe('hosts that send as this domain').optional(),
  accounts: z.array(z.strictObject({
    service: z.enum(serviceNames),
    user: z.string().regex(/^[^\p{Cc}]+$/u, 'a user name'),
    password: z.string().regex(/^(?:env|file):.+$/, 'env:NAME or file:PATH, never the password itself'),
    name: z.string().regex(/^[^\p{Cc},]+$/u, 'a name without commas').describe('what mailcheck deliver calls the mailbox; the accounts of one mailbox have the same (default: its address)').optional(),
    address: z.string().regex(/^[^\s@<>\p{Cc}]+@[^\s@<>\p{Cc}]+$/u, 'an address such as anna@example.com').describe('where it gets mail (default: the user name, or that at the domain)').optional(),
    mechanism: z.string().regex(mechanismName, 'a mechanism: SCRAM-SHA-256-PLUS, SCRAM-SHA-256, SCRAM-SHA-1-PLUS, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN, OAUTHBEARER, XOAUTH2, or USER for POP3')
      .describe('how to log in; else the strongest that both know').optional(),
  })).describe('mailboxes for login checks and deliver: an entry for each service').optional(),
})

/** One of the lists that come along needs nothing; one of the user's own says where it is and what its answers mean. */
const listShape = z.strictObject({
  off: z.boolean().describe('do not ask it').optional(),
  key: z.string().regex(/^(?:env|file):.+$/, 'env:NAME or file:PATH, never the key itself').describe('for subscribers').optional(),
  zone: z.string().regex(/^[\w-]+(?:\.[\w-]+)+$/, 'a domain name').describe('of a list of your own; KEY in it stands for the key').optional(),
  kind: z.enum(['address', 'domain']).optional(),
  families: z.array(z.literal([4, 6])).optional(),
  codes: z.record(z.string().regex(/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/, 'an answer such as 127.0.0.2'), z.string().min(1)).describe('what its answers mean').optional(),
  page: z.string().min(1).describe('where it tells more').optional(),
}).refine(({ zone, codes }) => (zone === undefined) === (codes === undefined), 'given zone and codes together: an answer means nothing without')

/** A password in it would be sent to nobody, and shown to whoever reads a report or a recording. */
const webUrl = z.string().refine(text => /^https?:\/\/[^\s/]/.test(text) && URL.canParse(text), 'a URL that begins with https://')
  .refine(text => !/^https?:\/\/[^/?#]*@/i.test(text), 'a URL without a user name and password')
/** Each has a customary one in its place. */
const thirdPartiesShape = z.strictObject({
  rdapBootstrap: webUrl.describe('the list of registries, as RFC 9224 has it (default: that of IANA)').optional(),
  rdap: z.record(z.string().regex(/^[\w-]{1,63}(?:\.[\w-]{1,63})*$/, 'the domain of a registry'), webUrl)
    .describe('RDAP servers by what they register under, in place of those of the list').optional(),
  routeOrigins: webUrl.describe('who watches routes: a server of the RIPEstat data API (default: https://stat.ripe.net)').optional(),
})

const serveShape = z.strictObject({
  listen: z.string().refine(text => parseListenAddress(text, 0) !== null, 'an address and a port, such as 127.0.0.1:9725').describe('where the service answers (default: 127.0.0.1:9725)').optional(),
  targets: z.array(z.string().min(1)).describe('files of further domains, in the form of Prometheus file_sd: a path, or *.yaml in a folder').optional(),
  permit: z.array(z.enum(['own', 'login', 'tlsScan', 'lists', 'thirdParties'])).describe('what only you may permit, as the flags of check do').optional(),
  allowUnlisted: z.boolean().describe('probe domains that are not configured, when somebody asks').optional(),
  allow_unlisted: z.boolean().describe('the same, as other exporters spell it').optional(),
  concurrency: z.number().refine(most => Number.isInteger(most) && most >= 1 && most <= 1000, 'a whole number from 1 to 1000').describe('runs under way at a time (default: 20)').optional(),
  deadline: duration.describe('the longest that one run may take (default: 60s)').optional(),
  state: z.string().min(1).describe('the directory for what must outlive a restart').optional(),
  reports: z.string().min(1).describe('where others’ reports arrive: a folder, a maildir or a mailbox that is looked at every minute').optional(),
  webConfig: z.string().min(1).describe('TLS and passwords, in the form of the Prometheus exporters').optional(),
  logs: z.array(z.string().min(1)).describe('logs of Postfix, Dovecot and Exim to follow').optional(),
})

const level = z.enum(['critical', 'error', 'warning', 'notice', 'none']).describe('what a failure counts as')
const fullProfile = z.strictObject({
  title: z.string().min(1).optional(),
  bulk: z.boolean().describe('the rules for bulk senders apply').optional(),
  context: z.strictObject({ receiving: tri.optional(), sending: tri.optional(), parked: tri.optional() }).describe('what the domain is taken to be').optional(),
  source: z.strictObject({ title: z.string().min(1), date: z.string().min(1), url: z.string().min(1).optional() }).describe('where the requirements come from').optional(),
  requirements: z.array(z.strictObject({
    text: z.string().min(1), checks: globs, level,
    where: z.string().optional(), since: z.string().optional(),
  })),
})
/** In short, checks and their levels: `{ "spf/*": error }`. */
const profileShape = z.union([fullProfile, z.record(z.string().min(1), level)], 'a mapping of checks to levels (critical, error, warning, notice, none), or one with requirements')

const shape = z.strictObject({
  defaults: z.strictObject({
    profile: z.string().min(1).optional(),
    failOn: z.enum(['critical', 'error', 'warning', 'notice', 'never']).optional(),
    resolvers: z.array(z.string().min(1)).optional(),
  }).optional(),
  domains: z.record(z.string(), domainShape.nullable()).optional(),
  waivers: z.array(z.strictObject({
    check: z.string().min(1), subject: z.string().min(1).optional(), reason: z.string().min(1), owner: z.string().optional(),
    until: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a date such as 2027-03-31').refine(isDay, 'a day of the calendar').describe('the last day on which it holds').optional(),
  })).describe('failures that somebody answers for: they stay in the report, and do not count').optional(),
  modules: z.record(z.string(), z.strictObject({ only: globs.optional(), skip: globs.optional(), interval: duration.optional() }))
    .describe('what serve runs at intervals of its own').optional(),
  routes: z.record(z.string().regex(/^[\w.-]{1,60}$/, 'a name of letters, digits, ".", "-" and "_"'), z.strictObject({
    from: z.string().min(1).describe('who sends: an account with submission'), to: z.string().min(1).describe('who receives'),
    interval: duration.describe('from one test message to the next (default: 15m)').optional(), timeout: duration.describe('until it counts as lost (default: 5m)').optional(),
  })).describe('test messages that serve sends, as deliver does').optional(),
  lists: z.record(z.string().min(1), listShape.nullable()).describe('block lists for --lists').optional(),
  thirdParties: thirdPartiesShape.describe('whom --third-parties asks').optional(),
  profiles: z.record(z.string().min(1), profileShape).describe('requirements of your own, for --profile').optional(),
  vantage: z.array(hostPort).describe('hosts that show whether a port can be reached from here').optional(),
  controlNames: z.strictObject({
    signed: controlName.describe('its SOA is signed (default: the root)').optional(), bogus: controlName.describe('its signatures are wrong').optional(),
  }).describe('names that show whether the resolver validates').optional(),
  serve: serveShape.optional(),
})

function isDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)
}

export type DomainConfig = z.infer<typeof domainShape>

export interface Config extends Omit<z.infer<typeof shape>, 'domains'> {
  /** By domain, as A-labels. */
  readonly domains: ReadonlyMap<string, DomainConfig>
  /** `mailcheck.yaml:3:14`: where a value stands. */
  readonly at: (...path: readonly (string | number)[]) => string
}

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration of the file (`5m`) in milliseconds. */
export function durationOf(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(\D+)$/.exec(text) ?? []
  return Number(amount) * (milliseconds[unit] ?? NaN)
}

export class ConfigError extends Error {
  /** One line for each problem: `mailcheck.yaml:3:14: …`. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** JSON Schema (2020-12) of the file. */
export function configSchema(): object {
  return { ...z.toJSONSchema(shape, { io: 'input' }), title: 'mailcheck configuration' }
}

/** Throws `ConfigError`. */
export function readConfig(file: string): Config {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const why: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'permission denied', EISDIR: 'it is a directory' }
    throw new ConfigError([`${file}: cannot be read: ${why[code] ?? code}`])
  }
  return parseConfig(text, file)
}

/** Problems that are told at once; where there are more, the file is something else. */
const mostProblems = 50

/** Throws `ConfigError`. */
export function parseConfig(text: string, file: string): Config {
  const lineCounter = new LineCounter()
  // The library compares every key of a mapping with every other: a file of a megabyte would take minutes.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false })
  const place = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const at = (path: readonly (string | number)[]) => place(offsetOf(document, path))
  if (document.errors.length > 0) throw new ConfigError(document.errors.slice(0, mostProblems).map(error => `${place(error.pos[0])}: ${error.message}`))
  const problems: string[] = wrongKeys(document).slice(0, mostProblems).map(({ offset, message }) => `${place(offset)}: ${message}`)
  if (problems.length > 0) throw new ConfigError(problems)
  const parsed = shape.safeParse(valueOf(document, file))
  if (!parsed.success) {
    const wrong = parsed.error.issues.slice(0, mostProblems).flatMap(explain)
    throw new ConfigError(wrong.slice(0, mostProblems).map(({ path, message }) => `${at(path)}: ${message}`))
  }
  const domains = new Map<string, DomainConfig>()
  for (const [name, settings] of Object.entries(parsed.data.domains ?? {})) {
    const input = parseDomain(name)
    const wrong = 'error' in input ? input.error : 'note' in input ? `${JSON.stringify(name)} is not a domain`
      : domains.has(input.domain) ? `${input.domain} is configured twice` : null
    if (wrong !== null) problems.push(`${place(keyOffset(document, ['domains'], name))}: ${wrong}`)
    else if ('domain' in input) domains.set(input.domain, settings ?? {})
    if (problems.length === mostProblems) break
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return { ...parsed.data, domains, at: (...path) => at(path) }
}

/** What the schema does not see: a key that stands twice, and the one that readers of objects pass over. */
function wrongKeys(document: Document): { offset: number; message: string }[] {
  const wrong: { offset: number; message: string }[] = []
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>()
      for (const { key } of items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        const offset = key.range?.[0] ?? 0
        if (seen.has(name)) wrong.push({ offset, message: `the key ${JSON.stringify(name)} stands twice` })
        else if (name === '__proto__') wrong.push({ offset, message: `unknown key ${JSON.stringify(name)}` })
        seen.add(name)
      }
    },
  })
  return wrong
}

function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch {
    throw new ConfigError([`${file}:1:1: its aliases refer to one another too often`])
  }
}

type Issue = z.core.$ZodIssue
type Path = readonly (string | number)[]

/** An issue in words, and where to point: at the key itself when it is the key that is wrong. */
function explain(issue: Issue): { path: Path; message: string }[] {
  const path = issue.path as Path
  const name = path.length === 0 ? 'the file' : JSON.stringify(path.join('.'))
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = keysAt(path)
      return issue.keys.slice(0, mostProblems).map(key => ({ path: [...path, key], message: unknownKey(key, path, allowed) }))
    }
    case 'invalid_key': {
      const key = String(path.at(-1))
      const [{ message: form } = { message: 'another' }] = issue.issues
      if (keysAt(path.slice(0, -1)).length === 0) return [{ path, message: `the key ${JSON.stringify(key)} in ${JSON.stringify(path.slice(0, -1).join('.'))} must be ${form}` }]
      return [{ path, message: unknownKey(key, path.slice(0, -1), keysAt(path.slice(0, -1))) }]
    }
    case 'invalid_value':
      return [{ path, message: `${name} must be one of ${issue.values.map(String).join(', ')}` }]
    case 'invalid_type':
      return [{ path, message: issue.input === undefined && path.length > 0 && /received undefined/.test(issue.message)
        ? `${name} is missing` : `${name} must be ${kinds[issue.expected] ?? issue.expected}` }]
    case 'too_small':
      return [{ path, message: `${name} must not be empty` }]
    case 'invalid_union':
    case 'custom':
    case 'invalid_format':
    default:
      return [{ path, message: `${name} must be ${issue.message}` }]
  }
}

const kinds: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)', record: 'a mapping (key: value)', array: 'a list', string: 'text', boolean: 'true or false', number: 'a number',
}

function unknownKey(key: string, path: Path, allowed: readonly string[]): string {
  const where = path.length === 0 ? '' : ` in ${JSON.stringify(path.join('.'))}`
  const meant = nearest(key, allowed)
  return `unknown key ${JSON.stringify(key)}${where}${meant === undefined ? '' : ` (did you mean ${JSON.stringify(meant)}?)`}; allowed: ${allowed.join(', ')}`
}

/** The keys that may stand at a path of the file. */
function keysAt(path: Path): readonly string[] {
  let schema: z.core.$ZodType = shape
  for (const step of path) schema = stepInto(bare(schema), step)
  const here = bare(schema)
  if (here instanceof z.ZodObject) return Object.keys(here.shape)
  return here instanceof z.ZodRecord && here.keyType instanceof z.ZodEnum ? here.keyType.options.map(String) : []
}

function stepInto(schema: z.core.$ZodType, step: string | number): z.core.$ZodType {
  if (schema instanceof z.ZodObject) return (schema.shape as Readonly<Record<string, z.core.$ZodType>>)[step] ?? z.unknown()
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : z.unknown()
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema
}

/** Where the value at `path` begins, else its key, else the nearest thing around it that the file has. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1]
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    const wrongKey = length === path.length && keysAt(path.slice(0, -1)).length > 0 && !keysAt(path.slice(0, -1)).includes(String(key))
    if (node?.range && !wrongKey) return node.range[0]
    const offset = keyOffset(document, path.slice(0, length - 1), key)
    if (offset >= 0) return offset
  }
  return document.contents?.range?.[0] ?? 0
}

function keyOffset(document: Document, parent: Path, key: string | number | undefined): number {
  const map = parent.length === 0 ? document.contents : document.getIn(parent, true)
  if (!isMap(map)) return -1
  const pair = map.items.find(item => isScalar(item.key) && String(item.key.value) === String(key))
  return isScalar(pair?.key) ? pair.key.range?.[0] ?? -1 : -1
}
