import check from '../../../src/checks/tls/certificate-in-date.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imaps, shows, withoutCertificate } from './certificates.ts'
import { answers } from './offers.ts'

const names = ['mail.example.com']

/** A certificate in order, and what clients see that know the other kind of key alone. */
const beside = (other: Partial<NonNullable<Row['certificates']>[string]>, expected: string, mark = 'tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 cert=b'): Row => ({
  ...answers([`other-certificate ${mark}`], expected), certificates: { a: { names }, b: { names, key: 'rsa2048', ...other } },
})

checkTable(check, {
  'ninety days, of which sixty are left': shows({ names }, 'pass'),
  'the last second': shows({ names, notAfter: '2026-11-22T12:00:00Z' }, 'pass'),
  'a second later': shows({ names, notAfter: '2026-11-22T11:59:59Z' }, 'failed', 'trusted', { date: '2026-11-22T11:59:59Z' }),
  'the first second': shows({ names, notBefore: '2026-11-22T12:00:00Z' }, 'pass'),
  'to come': shows({ names, notBefore: '2026-11-22T12:00:01Z' }, 'not-yet-valid', 'trusted', { date: '2026-11-22T12:00:01Z' }),
  'self-signed and expired': shows({ names, notAfter: '2026-11-01T00:00:00Z' }, 'failed', 'self-signed'),
  'trusted as it is, and expired': shows({ names, notAfter: '2026-11-01T00:00:00Z' }, 'failed'),
  'no certificate': shows({ names }, 'skip', 'no-certificate'),
  'two certificates in order': beside({}, 'pass'),
  'the second one has expired': { ...beside({ notAfter: '2026-11-01T00:00:00Z' }, 'failed'), args: { [imaps]: { endpoint: imaps, date: '2026-11-01T00:00:00Z' } } },
  'the second one, where nobody may scan': { ...beside({ notAfter: '2026-11-01T00:00:00Z' }, 'pass'), scope: {} },
  'no second one': beside({}, 'pass', 'handshake "TLS alert 40"'),
  'no connection left for the second one': beside({}, 'pass', 'unavailable deadline-spent'),
  ...withoutCertificate,
})
