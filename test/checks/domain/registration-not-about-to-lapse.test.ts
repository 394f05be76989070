import check from '../../../src/checks/domain/registration-not-about-to-lapse.ts'
import { checkTable } from '../../check-table.ts'
import { bootstrap, bootstrapUrl, domainObject, ends, registry, url, zone } from './registry.ts'

const permissions = new Set(['thirdParties'] as const)
const expired = { 'registry.crt': { names: ['rdap.registry.example'], notAfter: '2026-11-21T00:00:00Z' } }

checkTable(check, {
  'long enough': { ...registry(domainObject()), expect: { 'example.com': 'pass' } },
  'seven days to the second': { ...registry(ends('2026-11-29T12:00:00Z')), expect: { 'example.com': 'pass' } },
  'a second less': {
    ...registry(ends('2026-11-29T11:59:59Z')), expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', date: '2026-11-29T11:59:59Z', days: 6 } },
  },
  'a time elsewhere, with a fraction': {
    ...registry(ends('2026-11-23T01:00:00.5+02:00')), expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', date: '2026-11-22T23:00:00Z', days: 0 } },
  },
  'over already': {
    ...registry(ends('2026-11-19T00:00:00Z')), expect: { 'example.com': 'lapsed' },
    args: { 'example.com': { domain: 'example.com', date: '2026-11-19T00:00:00Z', days: 3 } },
  },
  'the registration of a name above': { ...registry(ends('2026-11-25T00:00:00Z')), scope: { permissions, domain: 'mail.example.com' }, expect: { 'mail.example.com': 'failed' } },
  'the registry says it twice': { ...registry(ends('2026-11-25T00:00:00Z', '2026-11-25T00:00:00+00:00')), expect: { 'example.com': 'failed' } },
  'two ends': { ...registry(ends('2026-11-25T00:00:00Z', '2027-11-25T00:00:00Z')), expect: { 'example.com': 'unknown:registry-silent' } },
  'no end': { ...registry(domainObject({ events: [] })), expect: { 'example.com': 'unknown:registry-silent' } },
  'no events': { ...registry(domainObject({ events: 'none' })), expect: { 'example.com': 'unknown:registry-silent' } },
  'an end that is no time': { ...registry(ends('next year')), expect: { 'example.com': 'unknown:registry-silent' } },
  'what the registrar keeps for itself is not the registry’s': {
    ...registry(domainObject({ events: [{ eventAction: 'registrar expiration', eventDate: '2026-11-23T00:00:00Z' }] })), expect: { 'example.com': 'unknown:registry-silent' },
  },
  'a registration of another name': { ...registry(domainObject({ ldhName: 'example.org' })), expect: { 'example.com': 'unknown:registry-silent' } },
  'a top-level domain with a name that objects have': {
    ...registry(domainObject()), scope: { permissions, domain: 'example.constructor', thirdParties: { rdap: {} } }, expect: { 'example.constructor': 'unknown:registry-silent' },
  },
  'no domain object': { ...registry('{"objectClassName":"entity"}'), expect: { 'example.com': 'unknown:registry-silent' } },
  'no JSON': { ...registry('<html>'), expect: { 'example.com': 'unknown:registry-silent' } },
  'not known to the registry': { ...registry('HTTP/1.1 404\n\n{"errorCode":404}'), expect: { 'example.com': 'unknown:registry-silent' } },
  'asked too often': { ...registry('HTTP/1.1 429\n\n'), expect: { 'example.com': 'unknown:registry-silent' } },
  'a registry that does not answer': { ...registry('(timeout)'), expect: { 'example.com': 'unknown:registry-silent' } },
  'a registry that answers without end': { ...registry(ends('2026-11-25T00:00:00Z') + ' '.repeat(300_000)), expect: { 'example.com': 'unknown:registry-silent' } },
  'a certificate that nobody vouches for': { ...registry(`* tls unknown-issuer\n${ends('2026-11-25T00:00:00Z')}`), expect: { 'example.com': 'unknown:registry-silent' } },
  'a certificate for another name': { ...registry(`* tls cert=rdap.other.example\n${ends('2026-11-25T00:00:00Z')}`), expect: { 'example.com': 'unknown:registry-silent' } },
  'an expired certificate': { ...registry(`* tls cert=registry.crt\n${ends('2026-11-25T00:00:00Z')}`), certificates: expired, expect: { 'example.com': 'unknown:registry-silent' } },
  'a registry that sends on': {
    ...registry('HTTP/1.1 302\nlocation: https://elsewhere.example/d', { 'https://elsewhere.example/d': ends('2026-11-25T00:00:00Z') }), expect: { 'example.com': 'failed' },
  },
  'it sends on in clear': {
    ...registry('HTTP/1.1 302\nlocation: http://elsewhere.example/d', { 'http://elsewhere.example/d': ends('2026-11-25T00:00:00Z') }), expect: { 'example.com': 'unknown:registry-silent' },
  },
  'it sends on for ever': { ...registry(`HTTP/1.1 302\nlocation: ${url}`), expect: { 'example.com': 'unknown:registry-silent' } },
  'it sends on to this machine': {
    ...registry('HTTP/1.1 302\nlocation: https://127.0.0.1/d', { 'https://127.0.0.1/d': ends('2026-11-25T00:00:00Z') }), expect: { 'example.com': 'unknown:registry-silent' },
  },
  'a registry at an address of ours': {
    ...registry(ends('2026-11-25T00:00:00Z')), zone: zone.replace('9.9.9.2', '10.0.0.2'), expect: { 'example.com': 'unknown:registry-silent' },
  },
  'a top-level domain that offers no RDAP': { ...registry(ends('2026-11-25T00:00:00Z')), scope: { permissions, domain: 'example.org' }, expect: { 'example.org': 'unknown:registry-silent' } },
  'a registry that speaks in clear alone': {
    ...registry(ends('2026-11-25T00:00:00Z'), { [bootstrapUrl]: bootstrap.replace(',"https://rdap.registry.example/v1"', '') }), expect: { 'example.com': 'unknown:registry-silent' },
  },
  'no list of registries': { ...registry(domainObject(), { [bootstrapUrl]: '[]' }), expect: { 'example.com': 'unknown:registry-silent' } },
  'the list cannot be had': { ...registry(domainObject(), { [bootstrapUrl]: '(refused)' }), expect: { 'example.com': 'unknown:registry-silent' } },
  'the list cannot be looked up': { ...registry(domainObject()), zone: 'data.iana.org A (servfail)\ndata.iana.org AAAA (servfail)', expect: { 'example.com': 'unknown:registry-silent' } },
  'a server of the user’s own': {
    pages: { 'http://127.0.0.1:8080/rdap/domain/example.com': ends('2026-11-25T00:00:00Z') },
    scope: { permissions, thirdParties: { rdap: { com: 'http://127.0.0.1:8080/rdap' } } }, expect: { 'example.com': 'failed' },
  },
  'a list of the user’s own': {
    ...registry(ends('2026-11-25T00:00:00Z')), pages: { 'https://127.0.0.1/list': `* tls cert=local\n${bootstrap}`, [url]: ends('2026-11-25T00:00:00Z') },
    certificates: { local: { names: ['x.example'], addresses: ['127.0.0.1'] } },
    scope: { permissions, thirdParties: { rdapBootstrap: 'https://127.0.0.1/list' } }, expect: { 'example.com': 'failed' },
  },
  'nobody permitted it': { ...registry(ends('2026-11-25T00:00:00Z')), scope: {}, expect: { 'example.com': 'skip:needs-flag' } },
})
