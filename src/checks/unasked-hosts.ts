/** MX hosts of which one address family could not be looked up: what stands at those addresses nobody knows. */
import type { MxHostAddresses } from '../probes/session-sets.ts'
import type { Subject } from '../probes/index.ts'
import type { Failure } from '../network/network.ts'

export interface UnaskedHost extends Subject {
  readonly problem: Failure
}

export function unaskedHosts(hosts: readonly MxHostAddresses[], families: readonly (4 | 6)[]): UnaskedHost[] {
  return hosts.flatMap(({ name, v4, v6 }) => {
    const missing = [...(families.includes(4) ? [v4] : []), ...(families.includes(6) ? [v6] : [])].find(answer => 'problem' in answer)
    return missing && 'problem' in missing ? [{ name, problem: missing.problem }] : []
  })
}
