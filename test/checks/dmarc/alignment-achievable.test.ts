import check from '../../../src/checks/dmarc/alignment-achievable.ts'
import type { Sender } from '../../../src/scope.ts'
import { checkTable } from '../../check-table.ts'

const own = '_dmarc.example.com TXT "v=DMARC1; p=none"'
const row = (sender: Omit<Sender, 'address'>, code: string, zone = own, args?: Record<string, unknown>) => ({
  zone, scope: { senders: [{ address: '192.0.2.1', ...sender }] }, expect: { 'example.com': code },
  ...args ? { args: { 'example.com': { sender: '192.0.2.1', domain: 'example.com', count: 1, ...args } } } : {},
})

checkTable(check, {
  'no senders': { zone: own, expect: { 'example.com': 'skip' } },
  'the domain itself': row({ mailFrom: 'example.com' }, 'pass'),
  'an address of it': row({ mailFrom: 'bounce@example.com' }, 'pass'),
  'nothing is said of the sender: it uses the domain': row({}, 'pass'),
  'a subdomain': row({ mailFrom: 'bounce.example.com' }, 'pass'),
  'by DKIM': row({ mailFrom: 'bounce.esp.example', dkim: 'Mail.Example.com' }, 'pass'),
  'neither': row({ mailFrom: 'bounce.esp.example', dkim: 'esp.example' }, 'failed', own, { mailfrom: 'bounce.esp.example', d: 'esp.example' }),
  'no signature': row({ mailFrom: 'bounce.esp.example' }, 'failed', own, { mailfrom: 'bounce.esp.example', d: 'none' }),
  'what is no domain': row({ mailFrom: 'a b' }, 'failed', own, { mailfrom: 'none', d: 'none' }),
  'strict SPF': row({ mailFrom: 'bounce.example.com' }, 'failed', '_dmarc.example.com TXT "v=DMARC1; p=none; aspf=s"'),
  'strict SPF, and DKIM': row({ mailFrom: 'bounce.example.com', dkim: 'mail.example.com' }, 'pass', '_dmarc.example.com TXT "v=DMARC1; p=none; aspf=s"'),
  'strict DKIM': row({ mailFrom: 'esp.example', dkim: 'mail.example.com' }, 'failed', '_dmarc.example.com TXT "v=DMARC1; p=none; adkim=s"'),
  'a subdomain apart, by the new standard': row({ mailFrom: 'eu.example.com' }, 'failed-now', `${own}\n_dmarc.eu.example.com TXT "v=DMARC1; p=none; psd=n"`,
    { mailfrom: 'eu.example.com', d: 'none' }),
  'strangers below one suffix, by the new standard': row({ mailFrom: 'esp.com' }, 'failed-before', `${own}\n_dmarc.com TXT "v=DMARC1; p=none"`, { mailfrom: 'esp.com', d: 'none' }),
  'the second of two': {
    zone: own, scope: { senders: [{ address: '192.0.2.1' }, { address: '192.0.2.2', mailFrom: 'esp.example' }] }, expect: { 'example.com': 'failed' },
    args: { 'example.com': { sender: '192.0.2.2', mailfrom: 'esp.example', d: 'none', domain: 'example.com', count: 1 } },
  },
  'a walk is not answered': row({ mailFrom: 'bounce.example.com' }, 'unknown:dns-timeout', `${own}\n_dmarc.bounce.example.com TXT (timeout)`),
  'a walk is not answered, and nothing depends on it': row({ mailFrom: 'bounce.example.com', dkim: 'example.com' }, 'pass', `${own}\n_dmarc.bounce.example.com TXT (timeout)`),
  'no policy': row({ mailFrom: 'esp.example' }, 'skip', 'example.com A 192.0.2.1'),
  'the policy is not answered': row({ mailFrom: 'esp.example' }, 'unknown:dns-servfail', '_dmarc.example.com TXT (servfail)'),
})
