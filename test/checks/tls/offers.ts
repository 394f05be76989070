/** Worlds of one endpoint that is asked with hellos of our own. */
import type { Row } from '../../check-table.ts'
import { imaps, shows } from './certificates.ts'

/** On 993, with TLS 1.3 unless told, and these answers; `expected` stands for the endpoint. */
export function answers(offers: readonly string[], expected: string, args?: Record<string, unknown>, handshake = 'TLSv1.3 TLS_AES_128_GCM_SHA256 X25519'): Row {
  return {
    ...shows({ names: ['mail.example.com'] }, expected, 'trusted', args),
    sessions: { [imaps]: `* tls ${handshake} cert=a\nS: * OK ready\n* closed` },
    offers: { [imaps]: offers },
    scope: { permissions: new Set(['tlsScan']) },
  }
}

/** The same rows, for a check that needs leave to scan. */
export function permitted(rows: Readonly<Record<string, Row>>): Record<string, Row> {
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, { ...row, scope: { ...row.scope, permissions: new Set(['tlsScan']) } }]))
}
