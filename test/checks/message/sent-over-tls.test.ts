import check from '../../../src/checks/message/sent-over-tls.ts'
import { checkTable } from '../../check-table.ts'
import { mail, received, zone } from './mail.ts'

const domain = 'example.com'

checkTable(check, {
  ESMTPS: { zone, ...mail(), expect: { [domain]: 'pass' } },
  'ESMTP alone': { zone, ...mail({ received: received.replace('ESMTPS', 'ESMTP') }), expect: { [domain]: 'failed' }, args: { [domain]: { host: 'mx.example.net' } } },
  'ESMTP, with TLS in a comment': { zone, ...mail({ received: received.replace(' by ', ' (using TLSv1.3 with cipher TLS_AES_128_GCM_SHA256) by ').replace('ESMTPS', 'ESMTP') }), expect: { [domain]: 'pass' } },
  'no Received': { zone, ...mail({ received: null }), expect: { [domain]: 'unknown:not-disclosed' } },
  'from an inner network alone': { zone, ...mail({ received: received.replace('11.25.1.7', '10.0.0.7') }), expect: { [domain]: 'unknown:not-disclosed' } },
  'no protocol': { zone, ...mail({ received: received.replace('with ESMTPS ', '') }), expect: { [domain]: 'unknown:not-disclosed' } },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
})
