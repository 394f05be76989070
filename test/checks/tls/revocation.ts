/** Certificates that name a list of the revoked, and the lists: for the tables of who is on them. */
import { extension } from '../../../src/lab/certificates.ts'
import { makeRevocationList, type RevocationListOptions } from '../../../src/lab/revocation-list.ts'
import type { Permission } from '../../../src/scope.ts'
import { parseCertificate } from '../../../src/syntax/certificate.ts'
import { authority, makeChain, type CertificateDefinition } from '../../certificates.ts'
import type { Row } from '../../check-table.ts'
import { usualNow } from '../../world.ts'
import { shows } from './certificates.ts'

export const listUrl = 'http://crl.example.net/1.crl'
export const certificate: CertificateDefinition = { names: ['mail.example.com'], intermediate: true, crlUrls: [listUrl] }
export const permissions: ReadonlySet<Permission> = new Set<Permission>(['thirdParties'])

const trusted = { trusted: true, anchor: 'Example Root', path: [] } as const
export const chainOf = (of: CertificateDefinition): Promise<readonly string[]> => makeChain(of, trusted, new Date(usualNow))
export const serialOf = async (of: CertificateDefinition): Promise<string> => parseCertificate((await chainOf(of))[0] ?? '')?.serial ?? ''
export const serial = await serialOf(certificate)
export const issuing = await authority('Example Root', true)
export const root = await authority('Example Root', false)
export const day = (text: string): Date => new Date(`${text}T00:00:00Z`)
export const revoked = { serial, date: day('2026-11-10'), reason: 1 }
export const other = { serial: '4b1d00c0ffee', date: day('2026-10-01') }

/** One of the intermediate, issued yesterday and good for a week, unless told. */
export function list(options: Partial<RevocationListOptions> = {}, signer: typeof issuing = issuing): string {
  return makeRevocationList(signer, { thisUpdate: day('2026-11-21'), nextUpdate: day('2026-11-28'), ...options }).toString('latin1')
}

export function extended(oid: string, critical: boolean): ReturnType<typeof extension> {
  return extension(oid, { toBER: () => new Uint8Array([0x02, 0x01, 0x01]).buffer }, critical)
}

/** The endpoint shows `certificate`, and these pages are there. */
export function withLists(pages: NonNullable<Row['pages']>, expected: string, { trust = 'trusted', of = certificate, args }: { trust?: string; of?: CertificateDefinition; args?: Record<string, unknown> } = {}): Row {
  const row = shows(of, expected, trust, args)
  return { ...row, zone: `${row.zone ?? ''}\ncrl.example.net A 9.9.9.7\nother.example.net A 9.9.9.8\ninside.example.net A 10.0.0.8`, pages, scope: { permissions } }
}
