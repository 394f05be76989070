/** One defect, one finding: what the checks of transport policy say together of a domain that has MTA-STS, DANE and CAA. */
import { expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { judgeWorld, type Row } from '../check-table.ts'
import { policy, policyUrl } from './mta-sts/policies.ts'
import { smtp, smtpInClear, smtpUpgrading } from './transcripts.ts'

const topics = new Set(['mx-tls', 'mta-sts', 'tls-rpt', 'dane', 'caa', 'bimi'])
const ours = checks.filter(({ topic }) => topics.has(topic))
const mx = 'mx1.example.com[9.9.9.1]:25'
const next = 'cd'.repeat(32)

const sts = `_mta-sts.example.com TXT "v=STSv1; id=1;"\nmta-sts.example.com A 9.9.9.80`
const tlsa = `_25._tcp.mx1.example.com TLSA 3 1 1 {a}\n_25._tcp.mx1.example.com TLSA 3 1 1 ${next}`
const rest = `; secure example.com
  example.com MX 10 mx1.example.com
  example.com CAA 0 issue "example-root.example"
  _smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
  mx1.example.com A 9.9.9.1`
const good: Row = {
  zone: [rest, sts, tlsa].join('\n'), sessions: { [mx]: smtp.replace('* tls', '* tls cert=a') }, pages: { [policyUrl]: policy('enforce') },
  certificates: { a: { names: ['mx1.example.com'] } }, expect: {},
}

async function failing(row: Row): Promise<string[]> {
  const findings = await judgeWorld(ours, row)
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ check, subject, code }) => `${check} ${subject} ${code ?? ''}`)
}
const ended = { a: { names: ['mx1.example.com'], notBefore: '2026-08-20T00:00:00Z', notAfter: '2026-11-18T00:00:00Z' } }
const soon = { a: { names: ['mx1.example.com'], notBefore: '2026-08-27T12:00:00Z', notAfter: '2026-11-25T12:00:00Z' } }

test('a domain in order: nothing fails, and nothing is unknown', async () => {
  const findings = await judgeWorld(ours, good)
  expect(findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')).toEqual([])
})

test.each<[string, Partial<Row>, string[]]>([
  ['no STARTTLS, under both', { sessions: { [mx]: smtpInClear() } }, [`mta-sts/mx-verifiable ${mx} no-starttls`, `dane/tlsa-matches ${mx} no-starttls`]],
  ['no STARTTLS, under MTA-STS', { sessions: { [mx]: smtpInClear() }, zone: [rest, sts].join('\n') }, [`mta-sts/mx-verifiable ${mx} no-starttls`]],
  ['no STARTTLS, under DANE', { sessions: { [mx]: smtpInClear() }, zone: [rest, tlsa].join('\n') }, ['mta-sts/record-exists example.com failed', `dane/tlsa-matches ${mx} no-starttls`]],
  ['no STARTTLS, under neither', { sessions: { [mx]: smtpInClear() }, zone: rest }, [`mx-tls/starttls-works ${mx} failed`, 'mta-sts/record-exists example.com failed']],
  ['a handshake that fails, in testing', {
    sessions: { [mx]: smtpUpgrading('220 go', '* handshake "TLS alert 40"') }, zone: [rest, sts].join('\n'), pages: { [policyUrl]: policy('testing') },
  }, [`mx-tls/starttls-works ${mx} handshake`, 'mta-sts/enforced example.com failed']],
  ['an expired certificate: DANE does not mind, MTA-STS does', { certificates: ended }, [`mta-sts/mx-verifiable ${mx} expired`]],
  ['an expired certificate under neither', { certificates: ended, zone: rest }, [`mx-tls/certificate-verifiable ${mx} expired`, 'mta-sts/record-exists example.com failed']],
  ['a certificate that should have been renewed', { certificates: soon }, [`mta-sts/certificates-renewed-in-time ${mx} failed`]],
  ['a host that the policy leaves out, and that shows a bad certificate', {
    zone: [rest, sts].join('\n'), pages: { [policyUrl]: policy('enforce', 'mx: *.example.net\nmx: *.example.com').replace('mx: *.example.com\n', '') },
    sessions: { [mx]: smtp.replace('* tls', '* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed') },
  }, ['mta-sts/mx-covered mx1.example.com failed', 'mta-sts/policy-tidy example.com failed']],
  ['another key', { zone: [rest, sts, `_25._tcp.mx1.example.com TLSA 3 1 1 ${next}`].join('\n') }, [`dane/tlsa-matches ${mx} failed`]],
  ['another issuer', { zone: [rest, sts, `_25._tcp.mx1.example.com TLSA 2 1 1 ${next}`].join('\n') }, [`dane/tlsa-matches ${mx} no-anchor`]],
  ['a usage that means nothing', { zone: [rest, sts, '_25._tcp.mx1.example.com TLSA 1 1 1 {a}'].join('\n') }, ['dane/parameters-usable mx1.example.com failed']],
  ['a zone that is not signed', { zone: [rest, sts, tlsa].join('\n').replace('; secure example.com', '') }, ['dane/tlsa-secure mx1.example.com failed']],
  ['a policy that is not there', { pages: {} }, ['mta-sts/policy-served example.com refused']],
  ['a policy that cannot be read', { pages: { [policyUrl]: 'hello' } }, ['mta-sts/policy-valid example.com failed']],
  ['a policy for a few minutes', { pages: { [policyUrl]: policy('enforce', undefined, 600) } }, ['mta-sts/max-age-a-day example.com failed']],
  ['two announcements', { zone: [rest, sts, tlsa, '_mta-sts.example.com TXT "v=STSv1; id=2;"'].join('\n') }, ['mta-sts/record-valid example.com failed']],
  ['nobody hears of failures', { zone: [rest.replace(/_smtp.*\n/, ''), sts, tlsa].join('\n') }, ['tls-rpt/accompanies-enforcement example.com failed']],
  ['a null MX', { zone: '; secure example.com\nexample.com MX 0 .' }, []],
  ['a network that lets nothing out', { sessions: { [mx]: '* timeout' }, pages: { [policyUrl]: '(timeout)' } }, []],
  ['a resolver whose word does not count', { zone: [rest, sts, tlsa].join('\n').replace('; secure example.com', '; ad-untrusted') }, []],
])('%s', async (_, change, expected) => {
  expect(await failing({ ...good, ...change })).toEqual(expected)
})

test('a resolver that answers nothing is held against nobody', async () => {
  const names = ['example.com', '_mta-sts.example.com', '_smtp._tls.example.com', 'default._bimi.example.com', 'mta-sts.example.com', '_dmarc.example.com']
  const dead = names.flatMap(name => ['MX', 'A', 'AAAA', 'TXT', 'CAA'].map(type => `${name} ${type} (timeout)`)).join('\n')
  expect(await failing({ ...good, zone: dead })).toEqual([])
})
