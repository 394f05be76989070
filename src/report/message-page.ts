/** A received message for people: the way it came, what its receiver makes of it, and what its sender should mend. */
import type { ArcResult } from '../evaluate/arc-verify.ts'
import type { SignatureVerdict } from '../evaluate/dkim-verify.ts'
import type { Hop, MessageVerdict } from '../evaluate/message.ts'
import type { Check } from '../checks/define.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import type { Report } from './report.ts'
import { renderFailures } from './text-failures.ts'
import { renderUntested, type TextOptions } from './text.ts'
import { visible } from './visible.ts'
import { wrap } from './wrap.ts'

const column = 10
const mostHops = 12

export function renderMessagePage(verdict: MessageVerdict, report: Report, { width, colour, checks }: TextOptions & { readonly checks: readonly Check[] }): string {
  const paint = painter(colour)
  const page = { width: Math.max(40, width), paint, checks: new Map(checks.map(check => [check.id, check])) }
  const sections = [
    renderVerdicts(verdict, page.width, paint),
    renderHops(verdict, page.width, paint),
    ...renderFailures(report, page),
    renderUntested(report, page),
  ]
  return `${sections.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n')}\n`
}

function renderVerdicts({ from, client, spf, dkim, arc, dmarc, rfc7489 }: MessageVerdict, width: number, paint: Paint): string[] {
  const row = (name: string, text: string): string[] =>
    wrap(text, width - column, { cut: true }).map((line, i) => `${paint('bold', (i === 0 ? name : '').padEnd(column))}${line}`)
  const word = (result: string): string => result // painted after wrapping
  const lines = [
    ...row('From', visible(from) || '(none)'),
    ...row('MAIL FROM', client.mailFrom === null ? 'not known' : client.mailFrom === '' ? '<> (a bounce)' : visible(client.mailFrom)),
    ...row('client', client.ip === null ? 'not known: give --ip, --helo and --mail-from' : `${visible(client.ip)}${client.helo === null ? '' : `, which calls itself ${visible(client.helo)}`}`),
    '',
    ...row('SPF', spf ? `${word(spf.result)} for ${visible(spf.domain)}${spf.byHelo ? ' (the name in HELO)' : ''}: ${visible(spf.trace.because)}` : 'none: who handed the message over is not known'),
    ...dkim.length === 0 ? row('DKIM', 'none: the message is not signed') : dkim.slice(0, 10).flatMap((one, i) => row(i === 0 ? 'DKIM' : '', signatureWords(one))),
    ...dkim.length > 10 ? row('', `and ${dkim.length - 10} signatures more`) : [],
    ...arc.result === 'none' ? [] : row('ARC', `${arc.result}: ${visible(arc.why)}`),
    ...row('DMARC', `${dmarc.result}: ${visible(dmarc.because)}${dmarc.result === 'fail' ? `; ${visible(dmarc.policyDomain ?? '')} asks for p=${dmarc.policy ?? 'none'}` : ''}`),
    ...rfc7489 && (rfc7489.result !== dmarc.result || rfc7489.policy !== dmarc.policy)
      ? row('', `receivers that still follow RFC 7489: ${rfc7489.result}, policy ${rfc7489.policy ?? 'none'}: ${visible(rfc7489.because)}`) : [],
  ]
  return lines.map(line => painted(line, paint))
}

const tints: Readonly<Record<string, Tint>> = {
  pass: 'green', fail: 'red', softfail: 'yellow', neutral: 'dim', policy: 'yellow', none: 'dim', permerror: 'red', temperror: 'yellow',
} satisfies Readonly<Record<ArcResult, Tint>> & Readonly<Record<string, Tint>>

/** Colours the result at the head of a row. */
function painted(line: string, paint: Paint): string {
  const [head = '', result = ''] = /^(.{1,30}?)\b(pass|fail|softfail|neutral|policy|none|permerror|temperror)\b(?=[ :])/.exec(line)?.slice(1) ?? []
  return result === '' || !/(?:SPF|DKIM|ARC|DMARC|^ +)\S* *$/.test(head.replace(/\u001b\[\d+m/g, '')) ? line
    : `${head}${paint(tints[result] ?? 'dim', result)}${line.slice(head.length + result.length)}`
}

function signatureWords({ result, domain, selector, algorithm, why, testing, bits, unsignedOctets }: SignatureVerdict): string {
  const remarks = [
    algorithm ?? 'no algorithm', ...bits === null ? [] : [`${bits} bits`], ...testing ? ['testing (t=y)'] : [],
    ...unsignedOctets > 0 ? [`${unsignedOctets} octets of the body unsigned`] : [],
  ]
  return `${result} for ${visible(domain ?? 'nobody')}, selector ${visible(selector ?? 'none')} (${remarks.map(visible).join(', ')}): ${visible(why)}`
}

/** Oldest first, as it went. */
function renderHops({ hops, entry }: MessageVerdict, width: number, paint: Paint): string[] {
  if (hops.length === 0) return []
  const shown = hops.slice(0, mostHops).toReversed()
  return [
    paint('bold', 'The way it came'),
    ...hops.length > mostHops ? [`  (${hops.length - mostHops} hops before)`] : [],
    ...shown.flatMap(hop => wrapped(hopWords(hop, hop.line === entry?.line), width)),
  ]
}

function hopWords({ at, delay, helo, address, by, protocol, tls, authenticated }: Hop, entry: boolean): string {
  const time = at ? at.toISOString().slice(0, 19).replace('T', ' ') : 'no date'
  const from = address ?? helo
  const manner = [protocol === null ? '' : visible(protocol), tls ? 'TLS' : 'no TLS', ...authenticated ? ['logged in'] : []].filter(part => part !== '')
  return `${time}  ${delay === null ? '' : `${delay < 0 ? '' : '+'}${delay} s  `}${from === null ? '' : `${visible(from)} -> `}${visible(by ?? 'unknown')} (${manner.join(', ')})`
    + (entry ? ', where it came in' : '')
}

function wrapped(text: string, width: number): string[] {
  return wrap(text, width - 4, { cut: true }).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`)
}
