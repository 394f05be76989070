import check from '../../../src/checks/reports/aggregate-arriving.ts'
import { checkTable } from '../../check-table.ts'
import { daily, dateOf, given, mails, midnight } from './received.ts'

const domain = 'example.com'
const zone = 'example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"'

checkTable(check, {
  'every day': { zone, ...given(daily(20, 1)), expect: { [domain]: 'pass' } },
  'the day before yesterday': { zone, ...given(daily(20, 3)), expect: { [domain]: 'pass' } },
  'no more since five days': { zone, ...given(daily(20, 5)), expect: { [domain]: 'failed' }, args: { [domain]: { date: dateOf(5) } } },
  'no more since five days, but one of days to come': { zone, ...given(daily(20, 5), mails(-30)), expect: { [domain]: 'failed' }, args: { [domain]: { date: dateOf(5) } } },
  'one long ago': { zone, ...given(mails(30)), expect: { [domain]: 'failed' } },
  'once a week, as ever': { zone, ...given(mails(40), mails(33), mails(26), mails(19), mails(12), mails(5)), expect: { [domain]: 'pass' } },
  'once a week, and then no more': { zone, ...given(mails(50), mails(43), mails(36), mails(29), mails(22)), expect: { [domain]: 'failed' } },
  'no more, but nobody has looked since': { zone, scope: { ...given(daily(20, 5)).scope, reportsReadAt: new Date(midnight(3) * 1000) }, expect: { [domain]: 'unknown:history-too-short' } },
  'no more, and nobody could look yet': { zone, scope: { ...given(daily(20, 5)).scope, reportsReadAt: null }, expect: { [domain]: 'unknown:history-too-short' } },
  'no more when somebody last looked': { zone, scope: { ...given(daily(20, 9)).scope, reportsReadAt: new Date(midnight(3) * 1000) }, expect: { [domain]: 'failed' } },
  'never': { zone, ...given(), expect: { [domain]: 'unknown:history-too-short' } },
  'nobody asks': { zone: zone.replace(/ rua=[^"]*/, ''), ...given(mails(30)), expect: { [domain]: 'skip' } },
  'no DMARC': { zone: 'example.com MX 10 mx1.example.com', ...given(mails(30)), expect: { [domain]: 'skip' } },
  'the policy of the domain above': { zone: `sub.${zone.split('\n')[0] ?? ''}\n${zone}`, scope: { ...given(mails(30, { from: 'sub.example.com' })).scope, domain: 'sub.example.com' }, expect: { 'sub.example.com': 'skip' } },
  'the policy is not answered': { zone: '_dmarc.example.com TXT (servfail)', ...given(mails(30)), expect: { [domain]: 'unknown:dns-servfail' } },
  'no reports': { zone, scope: { permissions: new Set(['reports', 'state'] as const) }, expect: { [domain]: 'skip' } },
  'without --state': { zone, scope: { ...given(mails(30)).scope, permissions: new Set(['reports'] as const) }, expect: { [domain]: 'skip:needs-flag' } },
  'without --reports': { zone, scope: { permissions: new Set(['state'] as const) }, expect: { [domain]: 'skip:needs-flag' } },
})
