import check from '../../../src/checks/dmarc/reject-backed-by-dkim.ts'
import type { Sender } from '../../../src/scope.ts'
import { checkTable } from '../../check-table.ts'
import { ed25519, txt } from '../dkim/keys.ts'
import { given, mails } from '../reports/received.ts'

const mx = 'example.com MX 10 mx1.example.com'
const reject = `${mx}\n_dmarc.example.com TXT "v=DMARC1; p=reject"`
const key = txt('s1._domainkey.example.com', ed25519)
const sender = (declared: Omit<Sender, 'address'>, code: string, zone = reject) => ({
  zone, scope: { senders: [{ address: '192.0.2.1', ...declared }] }, expect: { 'example.com': code },
})

checkTable(check, {
  'not reject': { zone: `${mx}\n_dmarc.example.com TXT "v=DMARC1; p=quarantine"`, expect: { 'example.com': 'skip' } },
  'a key': { zone: `${reject}\n${key}`, scope: { selectors: ['s1'] }, expect: { 'example.com': 'pass' } },
  'a key that was revoked': { zone: `${reject}\ns1._domainkey.example.com TXT "v=DKIM1; p="`, scope: { selectors: ['s1'] }, expect: { 'example.com': 'unknown:selector-unknown' } },
  'no key, and no sender': { zone: reject, expect: { 'example.com': 'unknown:selector-unknown' } },
  'a sender that signs': sender({ mailFrom: 'example.com', dkim: 'example.com' }, 'pass'),
  'a sender that signs as somebody else': {
    ...sender({ mailFrom: 'example.com', dkim: 'esp.example' }, 'failed'), args: { 'example.com': { source: '192.0.2.1', domain: 'example.com', count: 1 } },
  },
  'a sender of whom MAIL FROM alone is declared': sender({ mailFrom: 'bounce.example.com' }, 'failed'),
  'a sender of whom nothing is declared': sender({}, 'unknown:selector-unknown'),
  'and a key': sender({}, 'pass', `${reject}\n${txt('default._domainkey.example.com', ed25519)}`),
  'what passes by nothing is another finding': sender({ mailFrom: 'esp.example' }, 'skip'),
  'whose the signature is cannot be told': sender({ dkim: 'm.example.com' }, 'unknown:dns-timeout', `${reject}\n_dmarc.m.example.com TXT (timeout)`),
  'parked': { zone: 'example.com MX 0 .\n_dmarc.example.com TXT "v=DMARC1; p=reject"', expect: { 'example.com': 'skip' } },
  'it only receives': { zone: `${reject}\nexample.com TXT "v=spf1 -all"`, expect: { 'example.com': 'skip' } },
  'receivers report that the mail is signed': { zone: reject, scope: given(mails(3, { count: 90 }, { source: '11.25.1.8', count: 4, dkim: 'fail' })).scope, expect: { 'example.com': 'pass' } },
  'receivers report a source that passes by SPF alone': {
    zone: `${reject}\n${key}`, scope: { ...given(mails(3, { count: 90 }, { source: '11.25.1.8', count: 40, dkim: 'fail' }, { source: '11.66.1.9', count: 50, dkim: 'fail', spf: 'fail' })).scope, selectors: ['s1'] },
    expect: { 'example.com': 'failed' }, args: { 'example.com': { source: '11.25.1.8', domain: 'example.com', count: 1 } },
  },
  'receivers report that nothing is signed': { zone: reject, scope: given(mails(3, { dkim: 'fail' })).scope, expect: { 'example.com': 'failed' } },
  'receivers report nothing that passes': { zone: reject, scope: given(mails(3, { dkim: 'fail', spf: 'fail' })).scope, expect: { 'example.com': 'unknown:selector-unknown' } },
  'inherited': { zone: `m.${mx}\n_dmarc.example.com TXT "v=DMARC1; p=none; sp=reject"`, scope: { domain: 'm.example.com' }, expect: { 'm.example.com': 'unknown:selector-unknown' } },
  'no record': { zone: mx, expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${mx}\n_dmarc.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})
