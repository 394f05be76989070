/** The MX address of hosts.ts, asked with hellos of our own. */
import type { Row } from '../../check-table.ts'
import { mx, shaking } from './hosts.ts'

export function answers(offers: readonly string[], expected: string, args?: Record<string, unknown>): Row {
  return { ...shaking('', expected, args), offers: { [mx]: offers }, scope: { permissions: new Set(['tlsScan']) } }
}
export { permitted } from '../tls/offers.ts'
