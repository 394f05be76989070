import type { AliasedName } from '../../probes/mail-names.ts'
import type { Failure } from '../../network/network.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dns/cname-alone',
  title: 'No name used for mail has a CNAME beside other records',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 1034 §3.6.2', 'RFC 2181 §10.1'],
  needs: ['zone', 'aliases'],
  judge(_domain, { zone, aliases }) {
    if (!zone.exists) return skip('the domain does not exist')
    const wrong = aliases.filter(({ beside }) => beside.length > 0)
    const [first] = wrong
    if (first) {
      const types = [...new Set(first.beside.map(({ type }) => type))]
      const seen = wrong.flatMap(name => [...aliasOf(name), ...name.beside]).map(recordSeen)
      return fail('failed', { name: first.name, target: aliasOf(first)[0]?.data.target ?? '', types, count: wrong.length }, ...seen)
    }
    const problem = aliases.map(({ alias }) => alias).find((alias): alias is { problem: Failure } => 'problem' in alias)
    return problem ? unknownBecause(problem.problem) : pass
  },
  messages: {
    failed: '{name} has CNAME {target} and also {types}',
  },
  explain: `A CNAME says that a name is only another name for something else, so nothing else may stand beside it. Resolvers that have
    seen the alias find none of the other records, MX and SPF among them; those that have not may find them.`,
  remedy(_domain, { aliases }, { name, target, types }) {
    const alias = aliases.find(one => one.name === name)
    const line = `${String(name)}. CNAME ${String(target)}.`
    const apex = alias?.beside.some(({ type }) => type === 'SOA' || type === 'NS') === true
    return {
      text: apex ? `Replace ${line} by A and AAAA records, or by what your DNS provider calls ALIAS or ANAME: the top of a zone cannot be an alias.`
        : `Remove ${line} and keep ${[types].flat().map(String).join(', ')}, or move those to ${String(target)}.`,
      records: { remove: [line] },
    }
  },
})

function aliasOf({ alias }: AliasedName) {
  return 'value' in alias ? alias.value.records : []
}
