import { defineCheck, fail, passed, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { sendingAddresses } from '../sending-addresses.ts'

export default defineCheck({
  id: 'iprev/ptr-exists',
  title: 'Every address that sends mail has a reverse name',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 1912 §2.1'],
  needs: ['sendingAddresses', 'reverse'],
  ...sendingAddresses,
  judge({ name: address }, { reverse: { ptr } }) {
    if ('problem' in ptr) return unknownBecause(ptr.problem)
    if (ptr.value.records.length > 0) return passed(...ptr.value.records.map(recordSeen))
    return fail('failed', { address }, ...ptr.value.aliases.map(recordSeen), absenceSeen(ptr.value))
  },
  messages: {
    failed: '{address} has no reverse name',
  },
  explain: `Large receivers refuse mail from an address without a name, or treat it as spam: hosts that are meant to send mail have one,
    and hijacked machines often do not.`,
  remedy: ({ name: address, host }) => ({
    text: `Ask the owner of ${address} (the hosting or access provider) to publish a PTR record for it: ${host ?? 'the name of your mail server'}.`,
  }),
})
