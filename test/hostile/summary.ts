/**
 * The facts of a session as fixtures/hostile write them down: all that was learnt, without times, and with what is
 * long cut short. What a flooding server heard is left out: the goodbye may be lost in the flood.
 */
import { escapeText } from '../../src/network/notation.ts'
import type { ServiceSession } from '../../src/probes/session.ts'

const replies = ['greeting', 'surplus', 'ehlo', 'helo', 'capability', 'capa', 'startTls', 'ehloOverTls', 'capabilityOverTls', 'capaOverTls'] as const

export function summarize(facts: ServiceSession, heard: readonly string[] | null): Record<string, unknown> {
  const told = facts as Partial<Record<(typeof replies)[number], readonly string[]>>
  const summary: Record<string, unknown> = {}
  for (const name of replies) {
    const reply = told[name]
    if (reply) summary[name] = reply.length > 8 ? [...reply.slice(0, 2).map(short), `(${reply.length - 2} lines more)`] : reply.map(short)
  }
  if (facts.injected !== undefined) summary['injected'] = short(facts.injected)
  if (facts.tls) {
    const { version, trust, chain } = facts.tls
    summary['tls'] = [version, trust.trusted ? 'trusted' : trust.problem, `chain of ${chain.length}`].join(', ')
  }
  if (facts.failure) {
    const { event, reason, stage, command, detail } = facts.failure
    summary['failure'] = { event, reason, stage, ...(command === undefined ? {} : { command }), ...(event === 'timeout' ? {} : { detail }) }
  }
  if (heard) summary['said'] = heard.map(short)
  return summary
}

function short(line: string): string {
  const text = escapeText(line)
  return text.length > 100 ? `${text.slice(0, 20)}… (${line.length} octets)` : text
}
