/**
 * TLSA records of certificates that are made only when a world starts: `_25._tcp.mx TLSA 3 1 1 {mx}` speaks of the
 * certificate called mx, `TLSA 2 1 1 {issuer of mx}` of the one that issued it.
 */
import { associationData } from '../syntax/tlsa-association.ts'

const placeholder = /(\bTLSA\s+\d+\s+(\d+)\s+(\d+)\s+)\{(issuer of )?([^{}\n]+)\}/g

export interface NamedCertificate {
  readonly name: string
  readonly which: 'leaf' | 'issuer'
}

/** The zone with each placeholder filled; `find` gives the base64 DER of a certificate. */
export async function fillTlsa(zone: string, find: (certificate: NamedCertificate) => Promise<string>): Promise<string> {
  const filled = new Map<string, string>()
  for (const [whole, fields = '', selector, matching, issuer, name = ''] of zone.matchAll(placeholder)) {
    const certificate = await find({ name, which: issuer === undefined ? 'leaf' : 'issuer' })
    filled.set(whole, fields + (associationData(certificate, Number(selector), Number(matching)) ?? '00'))
  }
  return zone.replace(placeholder, whole => filled.get(whole) ?? whole)
}

/** The zone as it reads before anything is made, and the names that its placeholders refer to. */
export function blankTlsa(zone: string): { readonly text: string; readonly names: readonly string[] } {
  const names = [...zone.matchAll(placeholder)].map(([, , , , , name = '']) => name)
  return { text: zone.replace(placeholder, (_, fields: string) => `${fields}00`), names }
}
