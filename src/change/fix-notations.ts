/**
 * A fix in the notations in which people keep their zones. In all of them the record set that stands here takes the place of
 * the one of the same name and type; what it cures stands above it as a comment. Whatever came from the network is made
 * visible first: a comment must not end early, and a string must not become code.
 */
import { decided, type Report, type ReportedFinding } from '../report/report.ts'
import { groupBy } from '../report/group.ts'
import { untested, untestedLine } from '../report/undecided.ts'
import { harmless } from '../report/visible.ts'
import { joinedText, type DnsRecord, type RecordData } from '../syntax/record.ts'
import type { FixedSet } from './fix.ts'
import type { Fix } from './settle-fix.ts'

export const notations = ['bind', 'octodns', 'dnscontrol', 'terraform-cloudflare', 'terraform-route53'] as const
export type NotationName = (typeof notations)[number]

interface Notation {
  readonly comment: string
  /** Lines that say how the patch is used. */
  readonly use: (domain: string) => readonly string[]
  readonly open: (domain: string) => string
  /** What stands above all that a name has. */
  readonly heads?: (name: string, domain: string) => readonly string[]
  /** The whole RRset; it has at least one record. */
  readonly set: (set: FixedSet, domain: string) => string
  /** Null where the notation has no words for "goes": the line in the comment says it. */
  readonly remove: (set: FixedSet) => string | null
  readonly close: string
}

export function renderFix(fix: Fix, notation: NotationName): string {
  const { report: { domain, startedAt, mailcheck }, sets, laidBare, refused, others } = fix
  const { comment, use, open, heads = () => [], set: write, remove, close } = table[notation]
  const note = (text: string, indent = ''): string => `${comment} ${indent}${oneLine(text)}`
  const failing = fix.report.findings.filter(({ verdict }) => verdict === 'fail').length
  const lines = [
    note(`mailcheck fix ${domain}, checked ${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC, mailcheck ${mailcheck}`),
    ...failing === 0 ? untold(fix.report).map(line => note(line))
      : sets.length === 0 ? [note('No record of this domain cures what fails.')]
        : [note(`failing findings: ${failing}; cured by this: ${fix.cured.length}`), ...use(domain).map(line => note(line))],
  ]
  if (sets.length > 0) {
    const byName = [...groupBy(sets, ({ name }) => name).values()].flat()
    const blocks = byName.map((set, i) => [
      ...set.records.length > 0 && byName.findIndex(({ name, records }) => name === set.name && records.length > 0) === i ? heads(set.name, domain) : [],
      ...set.cures.flatMap(finding => [note(`cures ${named(finding)}: ${finding.message}`), note(finding.remedy?.text ?? '', '  ')]),
      ...set.before.filter(({ text }) => !set.records.some(record => record.text === text)).map(({ text }) => note(`was: ${set.name}. ${set.type} ${text}`)),
      ...set.records.length > 0 ? [write(set, domain)] : [remove(set) ?? note(`remove the whole record set ${set.name}. ${set.type}`)],
    ].join('\n'))
    lines.push(...open(domain) === '' ? [] : ['', open(domain)], ...blocks.flatMap(block => ['', block]), ...close === '' ? [] : ['', close])
  }
  const told = new Set(sets.flatMap(({ cures }) => cures))
  const along = fix.cured.filter(finding => !told.has(finding))
  const list = (title: string, items: readonly string[]): void => {
    if (items.length > 0) lines.push('', note(title), ...items.map(item => note(item, '- ')))
  }
  list('Cured along with it:', along.map(finding => `${named(finding)}: ${finding.message}`))
  list('What it lays bare (it was there, behind what is cured):', laidBare.map(finding => `${named(finding)}: ${finding.message}`))
  list('Left out:', refused.map(({ finding, because }) => `${named(finding)}: ${because}`))
  const elsewhere = refused.filter(({ kind }) => kind === 'elsewhere').flatMap(({ proposal }) => proposal?.set ?? [])
  list('Records for whoever has the other zones:', [...new Set(elsewhere.map(({ name, type, text }) => `${name}. ${type} ${text}`))])
  list('What no record cures (mailcheck check says what does):', [...new Set(others.map(named))])
  return `${lines.join('\n')}\n`
}

/** Why there is nothing to publish where nothing fails: that nothing was judged is no good news. */
function untold({ domain, counts, findings, facts }: Report): string[] {
  const { answer } = (facts['mx'] ?? {}) as { answer?: { rcode?: string; aliases?: readonly unknown[] } }
  if (answer?.rcode === 'NXDOMAIN' && answer.aliases?.length === 0) return [`${domain} does not exist in the DNS: before it does, there is nothing that a record mends.`]
  if (decided(counts)) return [counts.unknown === 0 ? 'Nothing fails: there is nothing to fix.' : `Nothing fails of what could be tested; ${counts.unknown} could not be (mailcheck check says why).`]
  if (counts.unknown > 0) return ['Nothing could be tested, so what there is to fix cannot be told.', ...untested(findings).map(untestedLine)]
  const reasons = [...new Set(findings.flatMap(({ detail }) => detail ?? []))]
  return [`Nothing was judged: none of the checks applies to ${domain}.`, ...reasons.slice(0, mostReasons), ...reasons.length > mostReasons ? ['…'] : []]
}

const mostReasons = 5

function named({ check, subject, domain, severity }: ReportedFinding): string {
  return `${check}${subject === domain ? '' : ` of ${subject}`} (${severity})`
}

/** More of a foreign record says nothing in a comment. */
const longest = 400

function oneLine(text: string): string {
  const line = harmless(text.replace(/\s+/g, ' ').trim())
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

/** Octets as they are: a record is a string of them. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The name below the domain, or the sign for the domain itself. */
function relative(name: string, domain: string, apex: string): string {
  return name === domain ? apex : name.slice(0, -domain.length - 1)
}

const table: Readonly<Record<NotationName, Notation>> = {
  bind: {
    comment: ';',
    use: domain => [
      'A record set that stands here takes the place of the published one of the same name and type.',
      `Try it first: mailcheck plan ${domain} --zone FILE`,
    ],
    open: () => '',
    set: ({ name, type, ttl, records }) => records.map(({ text }) => `${name}. ${ttl} IN ${type} ${text}`).join('\n'),
    remove: ({ name, type }) => `${name}. ${type} (none)`,
    close: '',
  },
  octodns: {
    comment: '#',
    use: domain => [`Entries for the zone file of ${domain}: each takes the place of the record of the same name and type.`],
    open: () => '---',
    heads: (name, domain) => [`${quoted(relative(name, domain, ''))}:`],
    set: set => {
      const own = [`  - type: ${set.type}`, `    ttl: ${set.ttl}`]
      const values = set.records.map(record => octodnsValue(record))
      return [...own, ...values.length === 1 && !values[0]?.startsWith('\n') ? [`    value: ${values[0] ?? ''}`] : ['    values:', ...values.map(value => `      -${value.startsWith('\n') ? value.replace('\n          ', ' ') : ` ${value}`}`)]].join('\n')
    },
    remove: () => null,
    close: '',
  },
  dnscontrol: {
    comment: '//',
    use: domain => [`Lines for D(${JSON.stringify(domain)}, …): each set takes the place of the lines of the same name and type.`],
    open: domain => `D_EXTEND(${JSON.stringify(domain)},`,
    set: ({ records, ttl }, domain) => records.map(record => `  ${dnscontrolCall(record, domain, ttl)},`).join('\n'),
    remove: () => null,
    close: ');',
  },
  'terraform-cloudflare': {
    comment: '#',
    use: () => ['Resources for the Cloudflare provider; import or remove the records of the same name and type that they replace.'],
    open: () => '',
    set: ({ name, type, ttl, records }) => records.map((record, i) => resource('cloudflare_dns_record', `${name}_${type}${records.length > 1 ? `_${i + 1}` : ''}`, [
      ['zone_id', 'var.cloudflare_zone_id'], ['name', hcl(name)], ['type', hcl(type)], ['ttl', String(ttl)], ...cloudflareValue(record),
    ])).join('\n\n'),
    remove: () => null,
    close: '',
  },
  'terraform-route53': {
    comment: '#',
    use: () => ['Resources for the AWS provider; import or remove the record sets of the same name and type that they replace.'],
    open: () => '',
    set: ({ name, type, ttl, records }) => resource('aws_route53_record', `${name}_${type}`, [
      ['zone_id', 'var.route53_zone_id'], ['name', hcl(name)], ['type', hcl(type)], ['ttl', String(ttl)],
      ['records', `[${records.map(record => hcl(route53Value(record))).join(', ')}]`],
    ]),
    remove: () => null,
    close: '',
  },
}

function of<T extends keyof RecordData>(record: DnsRecord, type: T): RecordData[T] | null {
  return record.type === type ? record.data as RecordData[T] : null
}

/** A value on its line, or a mapping that begins on a line of its own. */
function octodnsValue(record: DnsRecord): string {
  const mapping = (fields: Readonly<Record<string, string | number>>): string => `\n${Object.entries(fields).map(([key, value]) => `          ${key}: ${value}`).join('\n')}`.replaceAll('\n          ', '\n        ').replace('\n        ', '\n          ')
  const mx = of(record, 'MX')
  if (mx) return mapping({ exchange: quoted(`${mx.exchange}.`), preference: mx.preference })
  const caa = of(record, 'CAA')
  if (caa) return mapping({ flags: caa.flags, tag: caa.tag, value: quoted(caa.value) })
  const tlsa = of(record, 'TLSA')
  if (tlsa) {
    return mapping({ certificate_usage: tlsa.usage, selector: tlsa.selector, matching_type: tlsa.matching, certificate_association_data: quoted(tlsa.data) })
  }
  // octoDNS wants semicolons in TXT escaped.
  if (record.type === 'TXT') return quoted(joinedText(record as DnsRecord<'TXT'>).replaceAll(';', '\\;'))
  return quoted(record.text)
}

function dnscontrolCall(record: DnsRecord, domain: string, ttl: number): string {
  const name = JSON.stringify(relative(record.name, domain, '@'))
  const call = (kind: string, ...args: readonly (string | number)[]): string => `${kind}(${[name, ...args, `TTL(${ttl})`].join(', ')})`
  const mx = of(record, 'MX')
  if (mx) return call('MX', mx.preference, quoted(`${mx.exchange}.`))
  const caa = of(record, 'CAA')
  if (caa) return call('CAA', quoted(caa.tag), quoted(caa.value), ...caa.flags >= 128 ? ['CAA_CRITICAL'] : [])
  const tlsa = of(record, 'TLSA')
  if (tlsa) return call('TLSA', tlsa.usage, tlsa.selector, tlsa.matching, quoted(tlsa.data))
  if (record.type === 'TXT') return call('TXT', quoted(joinedText(record as DnsRecord<'TXT'>)))
  return call(record.type, quoted(record.text))
}

function cloudflareValue(record: DnsRecord): [string, string][] {
  const mx = of(record, 'MX')
  if (mx) return [['content', hcl(mx.exchange === '' ? '.' : mx.exchange)], ['priority', String(mx.preference)]]
  const caa = of(record, 'CAA')
  if (caa) return [['data', `{ flags = ${caa.flags}, tag = ${hcl(caa.tag)}, value = ${hcl(caa.value)} }`]]
  const tlsa = of(record, 'TLSA')
  if (tlsa) return [['data', `{ usage = ${tlsa.usage}, selector = ${tlsa.selector}, matching_type = ${tlsa.matching}, certificate = ${hcl(tlsa.data)} }`]]
  return [['content', hcl(record.type === 'CNAME' ? record.text.replace(/\.$/, '') : record.text)]]
}

/** The provider puts the outer quotes of a TXT value itself, and wants those between its strings. */
function route53Value(record: DnsRecord): string {
  return record.type === 'TXT' ? record.text.replace(/^"|"$/g, '').replaceAll('" "', '""') : record.text
}

/** A string of HCL: `${` and `%{` would be templates, and SPF macros are full of the latter. */
function hcl(text: string): string {
  return quoted(text).replace(/([$%])\{/g, '$1$1{')
}

function resource(type: string, name: string, fields: readonly (readonly [string, string])[]): string {
  const column = Math.max(...fields.map(([key]) => key.length))
  const label = name.replace(/\*/g, 'any').replace(/[^a-z0-9]+/gi, '_').replace(/^(?=\d)/, '_').toLowerCase()
  return [`resource "${type}" "${label}" {`, ...fields.map(([key, value]) => `  ${key.padEnd(column)} = ${value}`), '}'].join('\n')
}
