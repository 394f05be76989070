import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/host-not-alias',
  title: 'No MX host is an alias (CNAME)',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 2181 §10.3', 'RFC 5321 §5.1'],
  needs: ['mxAddresses'],
  over: ({ mxAddresses }) => mxAddresses,
  nothing: 'the domain names no MX host',
  judge(host) {
    const { mx } = host
    // for an implicit MX an alias is followed (RFC 5321 §5.1)
    if (!mx.record) return skip('the domain has no MX')
    const { aliases, addresses, problem } = resolutionOf(host)
    const target = aliases.at(-1)?.data.target
    if (target !== undefined) return fail('failed', { host: mx.name, target }, recordSeen(mx.record), ...aliases.map(recordSeen))
    if (addresses.length > 0) return pass
    return problem ? unknownBecause(problem) : skip('it has neither an alias nor an address')
  },
  messages: {
    failed: 'MX host {host} is an alias of {target}',
  },
  explain: `An MX must name a host that has addresses of its own. Some servers refuse to follow an alias, or do not
    recognise themselves behind it and send the mail round in a loop until it bounces.`,
  remedy({ name, mx: { preference } }, { mxAddresses }, { target }, { domain }) {
    const line = `${domain}. MX ${preference} ${String(target)}.`
    const alias = `${domain}. MX ${preference} ${name}.`
    if (mxAddresses.some(({ mx }) => mx.name === target)) return { text: `Remove ${alias} ${String(target)} is an MX host already.`, records: { remove: [alias] } }
    return {
      text: `Name the target itself: ${line} Or give ${name} A and AAAA records in place of the CNAME.`,
      records: { set: [line], remove: [alias] },
    }
  },
})
