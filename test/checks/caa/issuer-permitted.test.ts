import { expect, test } from 'vitest'
import check from '../../../src/checks/caa/issuer-permitted.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { imaps } from '../transcripts.ts'
import { policy, policyUrl } from '../mta-sts/policies.ts'
import { host, permits, unreached, withoutCertificates } from './hosts.ts'

const wildcard = (zone: string, code: string) => permits(zone, code, undefined, ['*.example.com'])
const issuer = "CN=Let's Encrypt"

checkTable(check, {
  'permitted': permits('example.com CAA 0 issue "letsencrypt.org"', 'pass'),
  'permitted, with parameters': permits('example.com CAA 0 issue " LetsEncrypt.org ; validationmethods=dns-01"', 'pass'),
  'permitted among others': permits('example.com CAA 0 issue "pki.goog"\nexample.com CAA 0 issue "letsencrypt.org"', 'pass'),
  'another authority': { ...permits('example.com CAA 0 issue "pki.goog"', 'failed'), args: { [host]: { name: 'example.com', issuer } } },
  'permitted above, and the nearest decides': permits(`example.com CAA 0 issue "letsencrypt.org"\n${host} CAA 0 issue "pki.goog"`, 'failed'),
  'forbidden above, and the nearest decides': permits(`example.com CAA 0 issue "pki.goog"\n${host} CAA 0 issue "letsencrypt.org"`, 'pass'),
  'at the top-level name': permits('com CAA 0 issue "pki.goog"', 'failed'),
  'behind an alias': permits(`example.com TXT "x"\n${host} CNAME real.example.net\nreal.example.net A 192.0.2.1\nreal.example.net CAA 0 issue "pki.goog"`, 'failed'),
  'nobody': { ...permits('example.com CAA 0 issue ";"', 'nobody'), args: { [host]: { name: 'example.com', host, issuer } } },
  'a name that is none': permits('example.com CAA 0 issue "%%%"', 'nobody'),
  'only where to report': permits('example.com CAA 0 iodef "mailto:caa@example.com"', 'pass'),
  'only for S/MIME': permits('example.com CAA 0 issuemail "pki.goog"', 'pass'),
  'only for wildcards': permits('example.com CAA 0 issuewild "pki.goog"', 'pass'),
  'a wildcard, and issue alone': wildcard('example.com CAA 0 issue "letsencrypt.org"', 'pass'),
  'a wildcard, and issuewild goes before issue': wildcard('example.com CAA 0 issue "letsencrypt.org"\nexample.com CAA 0 issuewild "pki.goog"', 'failed'),
  'a wildcard is asked for above the host': wildcard(`example.com CAA 0 issue "letsencrypt.org"\n${host} CAA 0 issue "pki.goog"`, 'pass'),
  'a critical property that nobody knows': { ...permits('example.com CAA 128 future "x"\nexample.com CAA 0 issue "letsencrypt.org"', 'critical'), args: { [host]: { name: 'example.com', tag: 'future' } } },
  'a property that nobody knows': permits('example.com CAA 0 future "x"\nexample.com CAA 0 issue "letsencrypt.org"', 'pass'),
  'no record': permits('', 'skip'),
  'an authority that is not in the list': permits('example.com CAA 0 issue "pki.goog"', 'skip', 'trusted anchor="Village Roots" cert=a'),
  'an authority that is not in the list, by its name': permits('example.com CAA 0 issue "village-roots.example"', 'pass', 'trusted anchor="Village Roots" cert=a'),
  'an authority that is not in the list, and nobody may': permits('example.com CAA 0 issue ";"', 'nobody', 'trusted anchor="Village Roots" cert=a'),
  'a certificate of their own': permits('example.com CAA 0 issue "pki.goog"', 'skip', 'self-signed'),
  'a certificate for another host': permits('example.com CAA 0 issue "pki.goog"', 'skip', undefined, ['www.example.org']),
  'not answered': permits(`${host} CAA (timeout)`, 'unknown:dns-timeout'),
  'not answered further up than it matters': permits(`${host} CAA 0 issue "letsencrypt.org"\nexample.com CAA (timeout)`, 'pass'),
  'port 25 cannot be reached': unreached('example.com CAA 0 issue "pki.goog"', 'unknown:connect-timeout'),
  ...withoutCertificates,
})

test('every host that shows a certificate is judged: MX, mailbox and policy host', async () => {
  const tls = `* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 trusted anchor="Let's Encrypt"`
  const { zone = '', ...rest } = permits('', '')
  const findings = await judgeWorld([check], {
    ...rest, certificates: { a: { names: [host, 'mail.example.com', 'mta-sts.example.com'] } },
    zone: `${zone}\nexample.com CAA 0 issue "pki.goog"\nmail.example.com A 192.0.2.2\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com
      _mta-sts.example.com TXT "v=STSv1; id=1;"\nmta-sts.example.com A 192.0.2.80`,
    sessions: { ...rest.sessions, 'mail.example.com[192.0.2.2]:993': imaps.replace('* tls', `${tls} cert=a`) },
    pages: { [policyUrl]: `${tls} cert=a\n${policy('enforce')}` },
  })
  expect(findings.map(({ subject, code }) => [subject, code])).toEqual([['mail.example.com', 'failed'], ['mta-sts.example.com', 'failed'], [host, 'failed']])
  expect(findings[0]?.remedy?.records).toEqual({ set: ['example.com. CAA 0 issue "letsencrypt.org"'] })
})
