import { canonicalIpv6 } from '../../syntax/address.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { resolutionOf } from '../resolution.ts'
import { sendingAddresses } from '../sending-addresses.ts'

export default defineCheck({
  id: 'iprev/forward-confirmed',
  title: 'The reverse name of every address that sends mail leads back to it',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 8601 §3'],
  needs: ['sendingAddresses', 'reverse'],
  ...sendingAddresses,
  judge({ name: address }, { reverse: { ptr, names } }) {
    if ('problem' in ptr) return unknownBecause(ptr.problem)
    if (ptr.value.records.length === 0) return skip('it has no reverse name')
    const resolved = names.map(name => ({ name: name.name, ...resolutionOf(name) }))
    const confirming = resolved.find(({ addresses }) => addresses.some(found => canonical(found) === canonical(address)))
    if (confirming) return passed(...confirming.records.map(recordSeen))
    const problem = resolved.find(one => one.problem)?.problem
    if (problem) return unknownBecause(problem)
    const [first] = resolved
    const args = { address, name: first?.name ?? '', count: ptr.value.records.length }
    const seen = [...ptr.value.records.map(recordSeen), ...resolved.flatMap(({ evidence }) => evidence)]
    return first && first.addresses.length > 0 ? fail('failed', { ...args, addresses: [...first.addresses] }, ...seen) : fail('nowhere', args, ...seen)
  },
  messages: {
    failed: '{address} is called {name}, which resolves to {addresses}',
    nowhere: '{address} is called {name}, which has no address',
  },
  explain: `Anybody can give an address the name of somebody else. Receivers believe a reverse name only when it leads back to the
    address; one that does not counts as none, and mail from there is refused or taken for spam.`,
  remedy({ name: address, host }, _facts, { name }) {
    const line = `${String(name)}. ${address.includes(':') ? 'AAAA' : 'A'} ${address}`
    return {
      text: `If ${String(name)} is yours, publish ${line} Otherwise ask the owner of the address for a PTR record with ${host ?? 'the name of your mail server'}.`,
      records: { set: [line] },
    }
  },
})

function canonical(address: string): string {
  return canonicalIpv6(address) ?? address
}
