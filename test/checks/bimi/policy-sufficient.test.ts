import check from '../../../src/checks/bimi/policy-sufficient.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { announced, enforced, withoutLogo } from './logos.ts'

const name = '_dmarc.example.com'
const row = (policy: string, code: string, args?: Record<string, unknown>): Row => ({
  zone: announced.replace(enforced, policy === '' ? '' : `${name} TXT "${policy}"`), expect: { 'example.com': code }, ...(args ? { args: { 'example.com': args } } : {}),
})
const below = (records: string, code: string): Row => ({
  zone: `${announced.replace(enforced, '')}\n${records}`, scope: { domain: 'news.example.com' }, expect: { 'news.example.com': code },
})

checkTable(check, {
  'reject': row('v=DMARC1; p=reject', 'pass'),
  'quarantine, all of it': row('v=DMARC1; p=quarantine; pct=100', 'pass'),
  'none': row('v=DMARC1; p=none; rua=mailto:d@example.com', 'failed', { name }),
  'no p': row('v=DMARC1; rua=mailto:d@example.com', 'failed'),
  'none below': row('v=DMARC1; p=reject; sp=none', 'subdomains', { name }),
  'in testing': row('v=DMARC1; p=reject; t=y', 'testing', { name }),
  'a part of it': row('v=DMARC1; p=quarantine; pct=50', 'percentage', { name, percentage: '50' }),
  'no policy': row('', 'no-policy', { domain: 'example.com' }),
  'a subdomain, by the policy above': below('_dmarc.example.com TXT "v=DMARC1; p=reject"', 'pass'),
  'a subdomain of its own, and the domain above is lax': below('_dmarc.example.com TXT "v=DMARC1; p=none"\n_dmarc.news.example.com TXT "v=DMARC1; p=reject"', 'failed'),
  'a subdomain of its own, and the domain above has nothing': below('_dmarc.news.example.com TXT "v=DMARC1; p=reject"', 'no-policy'),
  'not answered': { zone: announced.replace(enforced, `${name} TXT (servfail)`), expect: { 'example.com': 'unknown:dns-servfail' } },
  ...withoutLogo,
})
