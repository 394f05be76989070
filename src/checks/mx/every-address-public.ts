import { specialPurposeBlock } from '../../syntax/special-purpose.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/every-address-public',
  title: 'No MX host has a private or otherwise unreachable address',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 6890'],
  needs: ['mxAddresses'],
  defersTo: ['mx/some-host-resolves'],
  over: ({ mxAddresses }) => mxAddresses,
  nothing: 'the domain names no MX host',
  judge(host) {
    if (!host.mx.record) return skip('the domain has no MX')
    const { records, problem } = resolutionOf(host)
    const wrong = records.flatMap(record => {
      const block = specialPurposeBlock(record.data.address)
      return block === null ? [] : [{ record, block }]
    })
    const [first] = wrong
    if (first) {
      const { record: { data: { address } }, block } = first
      return fail('failed', { host: host.name, address, block, count: wrong.length }, ...wrong.map(({ record }) => recordSeen(record)))
    }
    if (problem) return unknownBecause(problem)
    return records.length > 0 ? pass : skip('it has no address')
  },
  messages: {
    failed: '{host} resolves to {address} ({block})',
  },
  explain: `Such an address leads somewhere else for everybody, or nowhere. A sender that picks it meets a machine of its own, or waits
    in vain, before it tries the next one.`,
  remedy: ({ name, v4, v6 }) => {
    const remove = resolutionOf({ name, v4, v6 }).records.filter(({ data }) => specialPurposeBlock(data.address) !== null)
      .map(record => `${record.name}. ${record.type} ${record.text}`)
    return { text: `Remove ${remove.join(' and ')}. Hosts inside your network can be told another address by an internal DNS view.`, records: { remove } }
  },
})
