/** A report with something of everything, for the renderers: made from findings, not from a run. */
import { defineCheck, pass, type Check } from '../../src/checks/define.ts'
import { makeReport, type Report } from '../../src/report/report.ts'
import type { Finding } from '../../src/run.ts'
import type { Scope } from '../../src/scope.ts'

const octets = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

export const scope: Scope = {
  domain: 'example.com', shownAs: 'example.com', selectors: [], services: {}, senders: [], accounts: [], context: {}, families: [4, 6],
  permissions: new Set(), bulk: false, ehloName: 'probe.example.net', vantage: [],
}

const define = (id: `${string}/${string}`, rest: Partial<Pick<Check, 'title' | 'severity' | 'question' | 'rfc' | 'messages' | 'explain'>>): Check =>
  defineCheck({
    id, title: `The claim of ${id}`, severity: 'error', question: 'receive', rfc: ['RFC 5321 §3.1'], needs: [], judge: () => pass,
    messages: { failed: '{what}' }, explain: 'It matters.', remedy: () => ({ text: 'Mend it.' }), ...rest,
  })

export const checks: readonly Check[] = [
  define('domain/exists', { severity: 'critical', title: 'The domain exists' }),
  define('smtp/some-host-answers', { severity: 'critical', title: 'Some MX address accepts port 25' }),
  define('smtp/session-opens', {
    messages: { failed: '{host} [{address}] answers {command} with "{reply}"' },
    explain: `A sender that is turned away at the greeting keeps the message in its queue, tries again for days,
      and then returns it to its author.`,
    rfc: ['RFC 5321 §3.1', 'RFC 5321 §4.5.1'],
  }),
  define('mx-tls/starttls-works', { title: 'STARTTLS works on every MX address' }),
  define('spf/within-lookup-limit', {
    question: 'send', rfc: ['RFC 7208 §4.6.4'], messages: { failed: '{count} DNS-querying terms (limit 10): {terms}' },
    explain: 'Receivers stop after ten lookups and treat the record as broken: mail that it should let pass fails SPF.',
  }),
  define('spf/syntax-valid', { question: 'send', messages: { failed: 'Syntax error at "{term}" (column {column}): {why}' }, rfc: ['RFC 7208 §12'] }),
  define('dkim/key-found', { question: 'send', title: 'A DKIM key is published for each selector in use' }),
  define('dmarc/policy-enforced', {
    question: 'protect', severity: 'warning', messages: { failed: '{domain} has p=none: forgeries are delivered' }, rfc: ['RFC 9989 §4.7'],
    explain: 'With p=none receivers deliver mail that fails DMARC as if nothing were wrong with it.',
  }),
  define('mx-tls/certificate-verifiable', {
    question: 'protect', severity: 'notice', messages: { failed: '{host}: {why} ({subject}, issued by {issuer})' }, rfc: [],
  }),
  define('imap/starttls-works', { question: 'access', title: 'IMAP offers TLS' }),
  define('smtp/relay-refused', { question: 'protect', severity: 'critical', title: 'The server relays for nobody' }),
]

const finding = (check: string, subject: string, rest: Partial<Finding> & Pick<Finding, 'verdict'>): Finding => {
  const { severity, question } = checks.find(({ id }) => id === check) ?? { severity: 'error', question: 'receive' }
  return { domain: 'example.com', check, subject, severity, question, code: null, args: {}, detail: null, evidence: [], remedy: null, ...rest }
}

const v4 = 'mx1.example.com[192.0.2.1]:25'
const v6 = 'mx1.example.com[2001:db8::1]:25'

export const findings: readonly Finding[] = [
  finding('domain/exists', 'example.com', { verdict: 'pass' }),
  finding('smtp/some-host-answers', 'example.com', { verdict: 'pass' }),
  ...['192.0.2.1', '192.0.2.2'].map(address => finding('smtp/session-opens', `mx1.example.com[${address}]:25`, {
    verdict: 'fail', code: 'failed',
    args: { host: 'mx1.example.com', address, command: 'the connection', reply: octets('554 \u001b[31mgeh weg, Größe') },
    evidence: [{ from: 'session', endpoint: `mx1.example.com[${address}]:25`, line: octets('554 \u001b[31mgeh weg, Größe') }],
    remedy: { text: 'Admit outside senders; look for a firewall that rewrites SMTP.' },
  })),
  finding('smtp/session-opens', v6, { verdict: 'unknown', code: 'no-ipv6-here', detail: null }),
  finding('mx-tls/starttls-works', v4, { verdict: 'skip', code: 'deferred', detail: 'see smtp/session-opens' }),
  finding('mx-tls/starttls-works', v6, { verdict: 'unknown', code: 'no-ipv6-here' }),
  finding('spf/within-lookup-limit', 'example.com', {
    verdict: 'fail', code: 'failed', args: { count: 12, terms: ['include:_spf.one.example', 'include:_spf.two.example', 'mx', 'a:www.example.com'] },
    evidence: [{
      from: 'dns', name: 'example.com', type: 'TXT', ttl: 3600,
      text: '"v=spf1 include:_spf.one.example include:_spf.two.example mx a:www.example.com ip4:192.0.2.0/24 -all"',
    }],
    remedy: {
      text: 'Remove or replace include:_spf.two.example.',
      records: {
        set: ['example.com. 3600 TXT "v=spf1 include:_spf.one.example mx a:www.example.com ip4:192.0.2.0/24 -all"'],
        remove: ['example.com. TXT "v=spf1 include:_spf.one.example include:_spf.two.example mx a:www.example.com ip4:192.0.2.0/24 -all"'],
      },
    },
  }),
  finding('spf/syntax-valid', 'example.com', {
    verdict: 'fail', code: 'failed', args: { term: 'ip4:192.0.2.256', column: 8, why: 'no IPv4 address' },
    evidence: [{ from: 'dns', name: 'example.com', type: 'TXT', ttl: 300, text: '"v=spf1 ip4:192.0.2.256 -all"', at: 7 }],
    remedy: { text: 'Correct the term.' },
  }),
  finding('dkim/key-found', 'example.com', {
    verdict: 'unknown', code: 'selector-unknown', detail: 'asked for google, s1, s2, selector1, selector2',
  }),
  finding('dmarc/policy-enforced', 'example.com', {
    verdict: 'fail', code: 'failed', args: { domain: 'example.com' },
    evidence: [{ from: 'dns', name: '_dmarc.example.com', type: 'TXT', ttl: 3600, text: '"v=DMARC1; p=none"' }],
    remedy: { text: 'When the reports are clean, publish p=quarantine.', records: { set: ['_dmarc.example.com. 3600 TXT "v=DMARC1; p=quarantine"'] } },
  }),
  finding('mx-tls/certificate-verifiable', v4, {
    verdict: 'fail', code: 'failed', args: { host: 'mx1.example.com', why: 'it is self-signed', subject: 'CN=mx1', issuer: 'CN=mx1' },
    remedy: { text: 'Install a public certificate for mx1.example.com.' },
  }),
  finding('imap/starttls-works', 'mail.example.com[192.0.2.3]:993', { verdict: 'pass' }),
  finding('smtp/relay-refused', 'example.com', { verdict: 'skip', code: 'needs-flag', detail: 'needs --own' }),
]

const session = (name: string, protocol: string, port: number, rest: object) => {
  const [, host, address] = /^(.*)\[(.*)\]/.exec(name) ?? []
  return { name, protocol, endpoint: { host, address, port, tls: 'starttls' }, transcript: [], ...rest }
}

export const facts: Readonly<Record<string, unknown>> = {
  contexts: {
    receiving: { value: 'yes', because: 'MX 10 mx1.example.com' }, sending: { value: 'yes', because: 'MX 10 mx1.example.com' },
    parked: { value: 'no', because: 'MX 10 mx1.example.com' },
  },
  services: { endpoints: [
    { name: 'mail.example.com[192.0.2.3]:993', service: 'imaps', source: 'srv' },
    { name: 'pop.example.com[192.0.2.3]:995', service: 'pop3s', source: 'guess' },
  ] },
  smtp: {
    [v4]: session(v4, 'smtp', 25, { connected: 12, greeting: ['554 geh weg'] }),
    [v6]: session(v6, 'smtp', 25, { failure: { event: 'unreachable', reason: 'no-ipv6-here', detail: 'no route', stage: 'connect' } }),
  },
  service: {
    'mail.example.com[192.0.2.3]:993': session('mail.example.com[192.0.2.3]:993', 'imap', 993, {
      connected: 9, greeting: ['* OK ready'], tls: { version: 'TLSv1.3', chain: [] },
      capability: ['* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=SCRAM-SHA-256'],
    }),
    'pop.example.com[192.0.2.3]:995': session('pop.example.com[192.0.2.3]:995', 'pop3', 995, {
      failure: { event: 'refused', reason: 'connection-lost', detail: 'refused', stage: 'connect' },
    }),
  },
}

export function first<T>(items: readonly T[]): T {
  const [item] = items
  if (item === undefined) throw new Error('there is none')
  return item
}

export function sample(change: { findings?: readonly Finding[]; facts?: Readonly<Record<string, unknown>>; scope?: Partial<Scope> } = {}): Report {
  return makeReport({ ...scope, ...change.scope }, { findings: change.findings ?? findings, facts: change.facts ?? facts },
    { startedAt: new Date('2026-11-23T06:10:00Z'), version: '0.1.0', checks })
}
