import check from '../../../src/checks/smtp/greeting-prompt.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (session: string, expected: string, seconds?: number): Row => ({
  zone, sessions: { [mx]: session }, expect: { [mx]: expected },
  ...(seconds === undefined ? {} : { args: { [mx]: { host: 'mx1.example.com', address: '192.0.2.1', seconds } } }),
})

checkTable(check, {
  'at once': row(smtp, 'pass'),
  'after five seconds': row('5000 S: 220 mx1\nC: EHLO *\n5010 S: 250 mx1', 'pass'),
  'later': row('5001 S: 220 mx1\nC: EHLO *\n5010 S: 250 mx1', 'failed', 5),
  'much later': row('21370 S: 220 mx1\nC: EHLO *\n21380 S: 250 mx1', 'failed', 21.4),
  'a first line at once, and the last one later': row('10 S: 220-mx1\n6200 S: 220 ready\nC: EHLO *\n6210 S: 250 mx1', 'failed', 6.2),
  'a prompt greeting, and then a slow reply': row('10 S: 220 mx1\nC: EHLO *\n9000 S: 250 mx1', 'pass'),
  'late, and then the connection is lost': row('9000 S: 220 mx1\nC: EHLO *\n* closed', 'failed', 9),
  'a late refusal': row('9000 S: 521 no mail here', 'skip'),
  'never': row('* connected\n* timeout', 'unknown:tarpit'),
  'closed without a greeting': row('* connected\n* closed', 'unknown:connection-lost'),
  'asked to come back': row('S: 421 later', 'unknown:rate-limited'),
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})
