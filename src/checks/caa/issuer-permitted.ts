import type { SeenCertificate } from '../../probes/caa.ts'
import { permissionOf } from '../../syntax/caa.ts'
import { certificateCovers } from '../../syntax/certificate.ts'
import { defineCheck, fail, pass, skip, unknownBecause, type Evidence } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { relevantCaa } from '../relevant-caa.ts'

export default defineCheck({
  id: 'caa/issuer-permitted',
  title: 'The CAA records permit the authority that issued the certificate in use',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 8659 §3', 'RFC 8659 §4', 'RFC 9495 §3'],
  needs: ['certificateHosts'],
  over: ({ certificateHosts: { hosts } }) => hosts,
  nothing: 'no host shows a certificate',
  hidden: ({ certificateHosts: { hidden } }) => hidden,
  judge({ name: host, certificates, problem, lookups }) {
    const named = certificates.filter(({ trusted, names }) => trusted && certificateCovers(names, host))
    if (certificates.length === 0 && problem) return unknownBecause(problem)
    if (named.length === 0) return skip('no public authority issued the certificate in use')
    let open: ReturnType<typeof skip> | null = null
    for (const certificate of named) {
      // for "*.example.com" the authority asks at example.com and above (§3)
      const wildcard = !certificate.names.includes(host)
      const relevant = relevantCaa(wildcard ? lookups.slice(1) : lookups)
      if (relevant === null) return skip('there is no CAA record up to the root')
      if ('verdict' in relevant) return relevant
      const { name, records } = relevant
      const { issuer, identifiers } = certificate
      const permission = permissionOf(records.map(({ data }) => data), wildcard)
      const seen: Evidence[] = [...records.map(recordSeen), certificateSeen(certificate)]
      if (permission.permits === 'anybody') continue
      if (permission.permits === 'nobody') return fail('critical', { name, tag: permission.tag }, ...seen)
      const { authorities } = permission
      if (authorities.some(authority => identifiers.includes(authority) || resembles(authority, issuer))) continue
      if (authorities.length === 0) return fail('nobody', { name, host, issuer }, ...seen)
      if (identifiers.length > 0) return fail('failed', { name, issuer }, ...seen)
      open ??= skip(`it is not known by which name CAA records permit ${issuer}`)
    }
    return open ?? pass
  },
  messages: {
    failed: 'CAA of {name} forbids {issuer}: the next renewal fails',
    nobody: 'CAA of {name} permits nobody to issue: the next renewal for {host} (by {issuer}) fails',
    critical: 'CAA of {name} has the critical property "{tag}", which no authority knows: nobody may issue',
  },
  explain: `Authorities must look at CAA records before they issue. The certificate that is in use goes on working, and its
    renewal is refused: you learn of it when it ends.`,
  remedy({ certificates }, _facts, { name, tag }, _scope, code) {
    if (code === 'critical') return { text: `Remove the record with "${String(tag)}" at ${String(name)}, or its critical flag.` }
    const identifier = certificates.flatMap(({ identifiers }) => identifiers)[0]
    return identifier === undefined
      ? { text: `Publish a CAA record at ${String(name)} that permits the authority you use; its name stands in the authority’s documentation.` }
      : { text: `Publish a record for the authority you use beside the others, or renew with one that they permit.`, records: { set: [`${String(name)}. CAA 0 issue "${identifier}"`] } }
  },
})

/** `world-ca.example` for "World CA": an authority that nobody listed may still be permitted by its own name. */
function resembles(authority: string, issuer: string): boolean {
  const [label = ''] = authority.split('.').slice(-2)
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  return plain(label).length > 3 && plain(issuer).includes(plain(label))
}

function certificateSeen({ at, subject, issuer }: SeenCertificate): Evidence {
  const line = `certificate ${subject}, issued by ${issuer}`
  return at.startsWith('https:') ? { from: 'https', url: at, line } : { from: 'session', endpoint: at, line }
}
