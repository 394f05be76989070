import check from '../../../src/checks/message/signature-sound.ts'
import { checkTable } from '../../check-table.ts'
import { mail, zone } from './mail.ts'

const domain = 'example.com'
const signature = 'the signature of example.com (selector s1)'
const row = (sign: NonNullable<Parameters<typeof mail>[0]>['sign'], why: string, arrived = 'Hello Bob\r\n') =>
  ({ zone, ...mail({ sign: sign ?? null, arrived }), now: '2026-11-23T10:00:00Z', expect: { [domain]: 'failed' }, args: { [domain]: { signature, why, count: 1 } } })

checkTable(check, {
  sound: { zone, ...mail(), expect: { [domain]: 'pass' } },
  'without a key it may be sound all the same': { zone: 'example.com A 192.0.2.1', ...mail(), expect: { [domain]: 'pass' } },
  'not signed': { zone, ...mail({ sign: null }), expect: { [domain]: 'skip' } },
  'l that covers all': row({ length: 11 }, 'l=11 lets anybody append to the body'),
  'l that leaves something': row({ length: 5 }, 'l=5 leaves 6 octets of the body unsigned'),
  'From is not covered': row({ headers: ['subject'] }, 'it does not cover From'),
  expired: row({ tags: ' x=1790000000;' }, 'it expired on 2026-09-21T14:13:20.000Z'),
  'not expired': { zone, ...mail({ sign: { tags: ' x=1990000000;' } }), now: '2026-11-23T10:00:00Z', expect: { [domain]: 'pass' } },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
})
