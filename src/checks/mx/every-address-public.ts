import type { HostView } from '../../probes/host-views.ts'
import type { Outcome } from '../../network/network.ts'
import { specialPurposeBlock } from '../../syntax/special-purpose.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/every-address-public',
  title: 'No MX host has a private or otherwise unreachable address',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 6890'],
  needs: ['mxAddresses'],
  uses: ['hostViews'],
  defersTo: ['mx/some-host-resolves'],
  over: ({ mxAddresses }) => mxAddresses,
  nothing: 'the domain names no MX host',
  judge(host, { hostViews }) {
    if (!host.mx.record) return skip('the domain has no MX')
    const { records, problem } = resolutionOf(host)
    const wrong = records.flatMap(record => {
      const block = specialPurposeBlock(record.data.address)
      return block === null ? [] : [{ record, block }]
    })
    const [first] = wrong
    if (first) {
      const { record: { data: { address } }, block } = first
      const elsewhere = publicElsewhere(host.name, hostViews)
      if (elsewhere) return unknown('split-view', `the resolver here says ${address} (${block}), the zone’s own name server ${elsewhere}`)
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

/** The zone's own server gives addresses, and all of them lead to the host from anywhere. */
function publicElsewhere(host: string, views: Outcome<readonly HostView[]>): string | null {
  const view = 'value' in views ? views.value.find(({ name }) => name === host) : undefined
  if (!view || 'problem' in view.v4 || 'problem' in view.v6) return null
  const addresses = [...view.v4.value.records, ...view.v6.value.records].map(({ data }) => data.address)
  return addresses.length > 0 && addresses.every(one => specialPurposeBlock(one) === null) ? addresses.slice(0, 4).join(', ') : null
}
