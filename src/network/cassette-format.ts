/** Cassette -> text. Exchanges are sorted by kind and name, so that two recordings of one run can be compared. */
import { createHash } from 'node:crypto'
import type { DnsRecord } from '../syntax/record.ts'
import type { Cassette, PageTake, QuestionTake, ScopeTake } from './cassette.ts'
import { endpointKey, questionKey, requestKey } from './keys.ts'
import type { Question } from './network.ts'
import { escapeText, firstLine, formatExtendedErrors, formatFailure, formatWord, mark } from './notation.ts'
import { formatTls, formatTranscript, type NameOf } from './transcript.ts'

export function formatCassette(cassette: Cassette): string {
  const held = new Map<string, { kind: 'certificate' | 'ocsp'; base64: string }>()
  const nameOf = (kind: 'certificate' | 'ocsp') => (base64: string): string => {
    const name = contentName(base64)
    held.set(name, { kind, base64 })
    return name
  }
  const exchanges = cassette.questions.length + cassette.sessions.length + cassette.pages.length
  const blocks = [
    ...sorted(cassette.scopes ?? [], ({ domain }) => domain).map(formatScope),
    ...sorted(cassette.questions, ({ question }) => questionKey(question)).map(formatQuestion),
    ...sorted(cassette.sessions, ({ endpoint, purpose }) => endpointKey(endpoint, purpose)).map(take => [
      `session ${formatWord(endpointKey(take.endpoint).replace(/ \w+$/, ''))} ${take.endpoint.tls}${take.purpose === undefined ? '' : ` for ${formatWord(take.purpose)}`}`,
      ...formatTranscript(take, nameOf('certificate'), nameOf('ocsp')),
    ]),
    ...sorted(cassette.pages, ({ url, request }) => requestKey(url, request)).map(take => formatPage(take, nameOf('certificate'), nameOf('ocsp'))),
  ]
  for (const [name, { kind, base64 }] of sorted([...held], ([name]) => name)) {
    const lines = base64.match(/.{1,64}/g) ?? []
    blocks.push(kind === 'ocsp'
      ? [`ocsp ${name}`, ...lines]
      : [`certificate ${name}`, '-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'])
  }
  const text = blocks.map(([head = '', ...lines]) => [head, ...lines.map(line => `  ${line}`)].join('\n'))
  return [`${firstLine}\nstart ${cassette.startedAt.toISOString()} exchanges=${exchanges}`, ...text, 'end'].join('\n\n') + '\n'
}

/** What a certificate is called in a recording: by its content, so that one that was cut off or changed shows. */
export function contentName(base64: string): string {
  return createHash('sha256').update(base64, 'base64').digest('hex').slice(0, 16)
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.map((item, i) => ({ item, i, key: key(item) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.i - b.i))
    .map(({ item }) => item)
}

function formatScope({ domain, settings }: ScopeTake): string[] {
  return [`scope ${formatWord(domain)}`, ...Object.entries(settings).map(([name, value]) => `${name} ${escapeText(JSON.stringify(value))}`)]
}

function formatQuestion({ question, outcome }: QuestionTake): string[] {
  const head = `question ${formatQuestionWords(question)}`
  if ('problem' in outcome) return [head, mark + formatFailure(outcome.problem)]
  const answer = outcome.value
  const how = [
    answer.rcode, answer.elapsed, 'ms', answer.transport, answer.octets, 'octets', 'from', formatWord(answer.resolver),
    ...(answer.adTrusted ? ['ad-trusted'] : []), ...(answer.secure ? ['secure'] : []),
    ...(answer.authoritative ? ['authoritative'] : []), ...(answer.origin === 'planned' ? ['planned'] : []),
    ...formatExtendedErrors(answer.extendedErrors),
  ]
  const section = (name: string, records: readonly DnsRecord[]): string[] =>
    records.length > 0 ? [`${mark}${name}`, ...records.map(formatRecord)] : []
  return [
    head, mark + how.join(' '), ...answer.records.map(formatRecord),
    ...section('aliases', answer.aliases), ...section('signatures', answer.signatures), ...section('authority', answer.authority),
  ]
}

function formatQuestionWords({ name, type, server, transport, checkingDisabled }: Question): string {
  return [
    formatWord(`${name}.`), type, ...(server === undefined ? [] : [formatWord(`@${server}`)]),
    ...(transport ? [transport] : []), ...(checkingDisabled ? ['cd'] : []),
  ].join(' ')
}

function formatRecord({ name, type, ttl, text }: DnsRecord): string {
  return `${name}. ${ttl} IN ${type} ${text}`
}

function formatPage({ url, request, outcome }: PageTake, certificate: NameOf, ocsp: NameOf): string[] {
  const lines = [`page ${request.method === 'POST' ? 'POST ' : ''}${formatWord(url)}`]
  for (const [name, value] of sorted(Object.entries(request.headers ?? {}), ([name]) => name)) lines.push(`> ${escapeText(`${name}: ${value}`)}`)
  if (request.body !== undefined) lines.push(...request.body.split('\n').map(line => `>| ${escapeText(line)}`))
  if ('problem' in outcome) return [...lines, mark + formatFailure(outcome.problem)]
  const { status, headers, body, address, tls, elapsed } = outcome.value
  lines.push(`${mark}${status} from ${formatWord(address)} ${elapsed} ms`)
  if (tls) lines.push(mark + formatTls(tls, certificate, ocsp))
  for (const [name, value] of Object.entries(headers)) lines.push(`< ${escapeText(`${name}: ${value}`)}`)
  if (body !== '') lines.push(...body.split('\n').map(line => `| ${escapeText(line)}`))
  return lines
}
