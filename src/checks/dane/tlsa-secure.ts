import { daneOf } from '../dane.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dane/tlsa-secure',
  title: 'What leads to the TLSA records is signed: the MX records, the host’s addresses, the records themselves',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 7672 §2.2'],
  needs: ['mx', 'mxTlsa'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host, { mx: { answer } }, { domain }) {
    const dane = daneOf(host)
    switch (dane.state) {
      case 'none': return skip('the host publishes no TLSA record')
      case 'inert': return fail('failed', { host: host.name, name: dane.unsigned }, ...dane.records.map(recordSeen))
      case 'unanswered': return unknownBecause(dane.problem)
      case 'undecided': return dane.because
      case 'secure': break
    }
    if (answer.secure) return pass
    if (!answer.adTrusted) return unknown('ad-untrusted')
    return fail('unsigned-mx', { host: host.name, domain }, ...answer.records.map(recordSeen), ...dane.records.map(recordSeen))
  },
  messages: {
    failed: 'the TLSA records of {host} are ignored: {name} is not signed',
    'unsigned-mx': 'the TLSA records of {host} protect little: the MX records of {domain}, which lead there, are not signed',
  },
  explain: `Without DNSSEC anybody on the way can replace a record, so senders take no word of a TLSA record that is not signed;
    and where the MX records are not, they can be led to another host, past all that this one promises.`,
  remedy: (_host, _facts, { name, domain }, _scope, code) => ({
    text: code === 'unsigned-mx' ? `Sign the zone of ${String(domain)} with DNSSEC, and have the registrar publish its DS record.`
      : `Sign the zone that holds ${String(name)} with DNSSEC, and have its DS record published above; or remove the TLSA records, which do nothing.`,
  }),
})
