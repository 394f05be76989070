import { isTlsaNote, isUsableTlsa, tlsaFaults } from '../../syntax/tlsa.ts'
import { recordsInForce, shownTlsa } from '../dane.ts'
import { defineCheck, fail, pass } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dane/parameters-usable',
  title: 'Some TLSA record of the MX host is one that senders can use',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 7672 §3.1.3', 'RFC 6698 §2.1'],
  needs: ['mxTlsa'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host) {
    const dane = recordsInForce(host)
    if ('verdict' in dane) return dane
    const { records } = dane
    const [first] = records
    if (!first || records.some(({ data }) => isUsableTlsa(data))) return pass
    const fault = tlsaFaults(first.data).find(({ code }) => !isTlsaNote(code))
    const args = { host: host.name, record: shownTlsa(first.data), count: records.length }
    const evidence = records.map(recordSeen)
    switch (fault?.code) {
      case 'unknown-usage':
      case 'unknown-selector':
      case 'unknown-matching':
      case 'wrong-length':
      case 'digest-of-nothing':
      case 'not-der': return fail(fault.code, args, ...evidence)
      default: return fail('failed', args, ...evidence)
    }
  },
  messages: {
    failed: '{host}: {record}: usage 0 and 1 mean nothing for SMTP',
    'unknown-usage': '{host}: {record}: the usages are 0 to 3',
    'unknown-selector': '{host}: {record}: the selectors are 0 and 1',
    'unknown-matching': '{host}: {record}: the matching types are 0, 1 and 2',
    'wrong-length': '{host}: {record}: a SHA-256 has 32 octets, a SHA-512 64',
    'digest-of-nothing': '{host}: {record}: this is the digest of an empty input, not of a certificate',
    'not-der': '{host}: {record}: matching type 0 wants a whole certificate or key in DER',
  },
  explain: `Senders that use DANE pass over records they cannot use. With none left they still insist on encryption, but take any
    certificate: whoever stands in between can show one of his own.`,
  remedy: ({ name: host }) => ({ text: `Publish the SHA-256 of the public key that ${host} uses on port 25, as TLSA 3 1 1 at _25._tcp.${host}, and remove the records that cannot be used.` }),
})
