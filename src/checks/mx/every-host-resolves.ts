import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/every-host-resolves',
  title: 'Every MX host has an address',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 5321 §5.1'],
  needs: ['mxAddresses'],
  defersTo: ['mx/some-host-resolves', 'mx/host-is-hostname'],
  over: ({ mxAddresses }) => mxAddresses,
  nothing: 'the domain names no MX host',
  judge(host) {
    const { mx } = host
    if (!mx.record) return skip('the domain has no MX')
    if (mx.name.endsWith('.invalid')) return skip('no such name can exist (RFC 6761 §6.4): it is left over from a proof of ownership')
    const resolution = resolutionOf(host)
    if (resolution.addresses.length > 0) return passed(...resolution.records.map(recordSeen))
    if (resolution.problem) return unknownBecause(resolution.problem)
    return fail('failed', { host: mx.name }, recordSeen(mx.record), ...resolution.evidence)
  },
  messages: {
    failed: 'MX host {host} has no address',
  },
  explain: `A sender that picks this host finds nowhere to deliver to. Most go on to the next one, later; some give up,
    and if the other hosts are busy or down there is nothing to fall back on.`,
  remedy: ({ name, mx }, _facts, _args, { domain }) => ({
    text: `Publish an A or AAAA record for ${name}, or remove it from the MX records of ${domain}.`,
    records: { remove: [`${domain}. MX ${mx.preference} ${name}.`] },
  }),
})
