import { createPublicKey } from 'node:crypto'
import check from '../../../src/checks/tls/certificate-not-revoked.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { shows, withoutCertificate } from './certificates.ts'
import { staple } from './ocsp-responses.ts'
import { certificate, day, extended, issuing, list, listUrl, other, permissions, revoked, root, serial, serialOf, withLists } from './revocation.ts'

const second = 'http://other.example.net/2.crl'
const two = { ...certificate, crlUrls: [listUrl, second] }
const direct = { names: ['mail.example.com'], crlUrls: [listUrl] }
const directSerial = await serialOf(direct)
const withRoot = { ...direct, served: ['leaf', 'root'] as const }
const onRoot = list({ entries: [{ serial: await serialOf(withRoot), date: day('2026-11-10') }] }, root)
const anchorKey = createPublicKey(root.key).export({ type: 'spki', format: 'der' }).toString('base64')
const inside = { ...certificate, crlUrls: ['http://inside.example.net/1.crl'] }
const insideRevoked = { ...revoked, serial: await serialOf(inside) }
const date = '2026-11-10T00:00:00Z'
const permitted = (rows: Record<string, Row>): Record<string, Row> => Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, { ...row, scope: { permissions } }]))

checkTable(check, {
  'not listed': withLists({ [listUrl]: list({ entries: [other] }) }, 'pass'),
  'an empty list': withLists({ [listUrl]: list() }, 'pass'),
  'listed': withLists({ [listUrl]: list({ entries: [other, revoked] }) }, 'failed', { args: { date } }),
  'listed without a reason': withLists({ [listUrl]: list({ entries: [{ serial, date: day('2026-11-10') }] }) }, 'failed'),
  'a list out of date on which it is': withLists({ [listUrl]: list({ entries: [revoked], nextUpdate: day('2026-11-22') }) }, 'failed'),
  'a list out of date on which it is not': withLists({ [listUrl]: list({ entries: [other], nextUpdate: day('2026-11-22') }) }, 'unknown:registry-silent'),
  'a list without end': withLists({ [listUrl]: list({ nextUpdate: null }) }, 'unknown:registry-silent'),
  'a list from the future': withLists({ [listUrl]: list({ thisUpdate: day('2026-11-23') }) }, 'unknown:registry-silent'),
  'a list of the root, which did not issue it': withLists({ [listUrl]: list({ entries: [revoked] }, root) }, 'unknown:registry-silent'),
  'signed by somebody else in its name': withLists({ [listUrl]: list({ entries: [revoked] }, { ...issuing, key: root.key }) }, 'unknown:registry-silent'),
  'its part of the list': withLists({ [listUrl]: list({ entries: [revoked], point: { url: listUrl, only: 'users' } }) }, 'failed'),
  'its part of the list, without it': withLists({ [listUrl]: list({ point: { url: listUrl, only: 'users' } }) }, 'pass'),
  'another part of the list': withLists({ [listUrl]: list({ point: { url: second } }) }, 'unknown:registry-silent'),
  'another part, served in the place of its own, with it': withLists({ [listUrl]: list({ entries: [revoked], point: { url: second } }) }, 'unknown:registry-silent'),
  'for authorities alone': withLists({ [listUrl]: list({ point: { only: 'authorities' } }) }, 'unknown:registry-silent'),
  'for attribute certificates alone': withLists({ [listUrl]: list({ point: { only: 'attributes' } }) }, 'unknown:registry-silent'),
  'for some reasons alone': withLists({ [listUrl]: list({ point: { someReasons: true } }) }, 'unknown:registry-silent'),
  'for some reasons, and one of them it is': withLists({ [listUrl]: list({ entries: [revoked], point: { someReasons: true } }) }, 'failed'),
  'what changed since another list': withLists({ [listUrl]: list({ extensions: [extended('2.5.29.27', true)] }) }, 'unknown:registry-silent'),
  'taken off again': withLists({ [listUrl]: list({ entries: [{ ...revoked, reason: 8 }] }) }, 'pass'),
  'on hold is revoked': withLists({ [listUrl]: list({ entries: [{ ...revoked, reason: 6 }] }) }, 'failed'),
  'a list that demands what nobody knows': withLists({ [listUrl]: list({ entries: [revoked], extensions: [extended('1.2.3.4', true)] }) }, 'unknown:registry-silent'),
  'a list that merely offers it': withLists({ [listUrl]: list({ entries: [other], extensions: [extended('1.2.3.4', false)] }) }, 'pass'),
  'an entry that demands what nobody knows': withLists({ [listUrl]: list({ entries: [{ ...other, extensions: [extended('1.2.3.4', true)] }] }) }, 'unknown:registry-silent'),
  'the entry of another authority in an indirect list': withLists({ [listUrl]: list({ entries: [{ ...revoked, extensions: [extended('2.5.29.29', true)] }], point: { indirect: true } }) }, 'pass'),
  'no list there': withLists({ [listUrl]: 'HTTP/1.1 404\n\nnot found' }, 'unknown:registry-silent'),
  'something else there': withLists({ [listUrl]: '<html></html>' }, 'unknown:registry-silent'),
  'half a list': withLists({ [listUrl]: list({ entries: [revoked] }).slice(0, 200) }, 'unknown:registry-silent'),
  'no answer': withLists({ [listUrl]: '(timeout)' }, 'unknown:registry-silent'),
  'nobody there': withLists({}, 'unknown:registry-silent'),
  'the first place fails, the second does not': withLists({ [listUrl]: '(refused)', [second]: list({ entries: [{ ...revoked, serial: await serialOf(two) }] }) }, 'failed', { of: two }),
  'the first place is another part': withLists({ [listUrl]: list({ point: { url: 'http://x.example/' } }), [second]: list() }, 'pass', { of: two }),
  'issued by the root, which is not sent': withLists({ [listUrl]: list({}, root) }, 'unknown:registry-silent', { of: direct }),
  'issued by the root, which is not sent, but known': withLists({ [listUrl]: list({ entries: [{ serial: directSerial, date: day('2026-11-10') }] }, root) }, 'failed', { of: direct, trust: `trusted anchor-key=${anchorKey}` }),
  'issued by the root, which is sent': withLists({ [listUrl]: onRoot }, 'failed', { of: withRoot }),
  'no list named': withLists({}, 'skip', { of: { names: ['mail.example.com'], intermediate: true } }),
  'a list in a directory': withLists({}, 'unknown:registry-silent', { of: { ...certificate, crlUrls: ['ldap:///CN=x'] } }),
  'a list at an address of ours': withLists({ 'http://inside.example.net/1.crl': list({ entries: [insideRevoked] }) }, 'unknown:registry-silent', { of: inside }),
  'an authority of the user’s own may have it there': withLists({ 'http://inside.example.net/1.crl': list({ entries: [insideRevoked] }) }, 'failed', { of: inside, trust: 'trusted private' }),
  'stapled: revoked': withLists({ [listUrl]: list() }, 'failed', { trust: `trusted ocsp=${staple(serial, issuing)}`, args: { date: '2026-11-12T10:00:00Z' } }),
  'stapled: good, but listed': withLists({ [listUrl]: list({ entries: [revoked] }) }, 'failed', { trust: `trusted ocsp=${staple(serial, issuing, { status: 'good' })}` }),
  'stapled: another is revoked': withLists({ [listUrl]: list() }, 'pass', { trust: `trusted ocsp=${staple('01', issuing)}` }),
  'stapled: revoked, says somebody else': withLists({ [listUrl]: list() }, 'pass', { trust: `trusted ocsp=${staple(serial, root)}` }),
  'stapled: revoked, says whom the issuer lets say it': withLists({ [listUrl]: list() }, 'failed', {
    trust: `trusted ocsp=${staple(serial, issuing, { delegate: await issuing.issue({ commonName: 'OCSP', purposes: ['1.3.6.1.5.5.7.3.9'] }) })}`,
  }),
  'stapled: revoked, says a server of the issuer’s': withLists({ [listUrl]: list() }, 'pass', {
    trust: `trusted ocsp=${staple(serial, issuing, { delegate: await issuing.issue({ names: ['web.example'] }) })}`,
  }),
  'no certificate that can be read': { ...shows(certificate, 'skip', 'malformed'), scope: { permissions } },
  ...permitted(withoutCertificate),
  'nobody permitted it': { ...withLists({ [listUrl]: list({ entries: [revoked] }) }, 'failed'), scope: {}, expect: { 'example.com': 'skip:needs-flag' } },
})
