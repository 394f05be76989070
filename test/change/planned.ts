/** What the tests of plans have in common: a domain as it is, and plans from the fixtures. */
import { fileURLToPath } from 'node:url'
import type { Plan } from '../../src/change/settle.ts'
import { plannedRecords, type PlannedFlags } from '../../src/commands/planned-records.ts'
import { outcome, type Answer, type Network } from '../../src/network/network.ts'
import { overlay } from '../../src/network/overlay.ts'
import type { RecordType } from '../../src/syntax/record.ts'
import { createWorld } from '../world.ts'

export const domain = 'example.com'

export const live = `
  example.com SOA ns1.example.com hostmaster.example.com 2026112201 7200 1800 1209600 300
  example.com NS ns1.example.com
  example.com A 192.0.2.80
  example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  _dmarc.example.com TXT "v=DMARC1; p=none"
  old._domainkey.example.com TXT "v=DKIM1; p="
  mx1.example.com A 192.0.2.25
  mail.example.com A 192.0.2.143
  web.example.com A 192.0.2.81
  www.example.com A 192.0.2.82
  ns1.example.com A 192.0.2.53`

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/plans/${name}`, import.meta.url))
}

export async function planOf(flags: PlannedFlags, zone = live): Promise<{ plan: Plan; network: Network; overlaid: Network }> {
  const network = await createWorld({ zone })
  const plan = await plannedRecords(flags, domain, network)
  return { plan, network, overlaid: overlay(network, plan) }
}

/** What the network says to these questions, in words. */
export async function answers(network: Network, questions: readonly string[]): Promise<Record<string, string>> {
  const told = await Promise.all(questions.map(async question => {
    const [name = '', type = ''] = question.split(' ')
    const result = await outcome<Answer>(network.query({ name, type: type as RecordType }))
    if ('problem' in result) return [question, `(${result.problem.reason})`] as const
    const { rcode, records, aliases } = result.value
    const said = [...aliases.map(({ text }) => `CNAME ${text}`), ...records.map(({ text }) => text).toSorted()]
    return [question, said.length > 0 ? said.join(', ') : rcode] as const
  }))
  return Object.fromEntries(told)
}
