import { daneOf } from '../dane.ts'
import { defineCheck, fail, pass, skip, unknownBecause, type Evidence } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dane/every-host-covered',
  title: 'Every MX host has TLSA records, where one has',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 7672 §2.2.1'],
  needs: ['mx', 'mxTlsa'],
  defersTo: ['dane/tlsa-secure'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host, { mx: { answer }, mxTlsa }) {
    if (answer.adTrusted && !answer.secure) return skip('the MX records are not signed: senders can be led past all of these hosts')
    const dane = daneOf(host)
    if (!mxTlsa.some(other => daneOf(other).state === 'secure')) {
      return dane.state === 'unanswered' ? unknownBecause(dane.problem) : skip('no MX host has TLSA records that are signed')
    }
    switch (dane.state) {
      case 'secure': return pass
      case 'unanswered': return unknownBecause(dane.problem)
      case 'undecided': return dane.because
      case 'inert': return fail('unsigned', { host: host.name }, ...dane.records.map(recordSeen))
      case 'none': return fail('failed', { host: host.name }, ...host.lookups.flatMap(({ answer }): Evidence[] => 'value' in answer ? [absenceSeen(answer.value)] : []))
    }
  },
  messages: {
    failed: '{host} has no TLSA records: whoever wants to listen steers mail there',
    unsigned: '{host} has TLSA records that are not signed: whoever wants to listen steers mail there',
  },
  explain: `An attacker who can hold up connections makes senders fall back to the MX host without TLSA records, and there
    takes the encryption away. The protection is that of the weakest host, the backup included.`,
  remedy: ({ name: host }) => ({ text: `Publish TLSA 3 1 1 records for ${host} at _25._tcp.${host}, in a signed zone, or remove the host from the MX records.` }),
})
