/** A and AAAA of a host, each family by itself: a failure of one says nothing about the other. */
import { isIPv6 } from 'node:net'
import { endpointName, NetworkFailure, outcome, type Answer, type Endpoint, type Failure, type Outcome } from '../network/network.ts'
import { specialPurposeBlock } from '../syntax/special-purpose.ts'
import type { MxHost } from './mx.ts'
import type { ProbeContext, Subject } from './index.ts'

export interface AddressFacts extends Subject {
  readonly v4: Outcome<Answer<'A'>>
  readonly v6: Outcome<Answer<'AAAA'>>
}

/** Port 25 on one address of one MX host. */
export interface MxEndpoint extends Endpoint, Subject {
  readonly mx: MxHost
}

/** Of one host and family; nobody has so many. */
const mostAddresses = 64
/** MX hosts and addresses together: what the time of a run is enough for. */
const mostEndpoints = 256

/** A name costs its owner nothing, and us a question or a dialogue each: past all sense nothing is asked, and that is told. */
export function tooMany(detail: string): Failure {
  return { event: 'unavailable', reason: 'deadline-spent', detail }
}

export async function probeAddresses({ network }: ProbeContext, { name }: Subject): Promise<AddressFacts> {
  const [v4, v6] = await Promise.all([
    outcome(network.query({ name, type: 'A' })),
    outcome(network.query({ name, type: 'AAAA' })),
  ])
  return { name, v4: sensible(v4), v6: sensible(v6) }
}

function sensible<T extends 'A' | 'AAAA'>(answer: Outcome<Answer<T>>): Outcome<Answer<T>> {
  if ('problem' in answer || answer.value.records.length <= mostAddresses) return answer
  const { question: { name, type }, records } = answer.value
  return { problem: tooMany(`${name} has ${records.length} ${type} records: of more than ${mostAddresses} none is tried`) }
}

/** IPv4 first, each family in numeric-text order, so that output never depends on the order of answers. */
export function addressesOf(facts: AddressFacts, families: readonly (4 | 6)[] = [4, 6]): string[] {
  const v4 = 'value' in facts.v4 && families.includes(4) ? facts.v4.value.records.map(({ data }) => data.address) : []
  const v6 = 'value' in facts.v6 && families.includes(6) ? facts.v6.value.records.map(({ data }) => data.address) : []
  return [...v4.toSorted(), ...v6.toSorted()]
}

/** Port 25 wherever the DNS names a host that is the same for everybody. */
export async function probeMxEndpoints({ facts, scope }: ProbeContext): Promise<readonly MxEndpoint[]> {
  const { hosts } = await facts.get('mx')
  const found = await Promise.all(hosts.map(async host =>
    addressesOf(await facts.get('addresses', host), scope.families).filter(address => !leadsAstray(address)).map((address): MxEndpoint => {
      const endpoint: Endpoint = { host: host.name, address, port: 25, tls: 'starttls' }
      return { ...endpoint, mx: host, name: endpointName(endpoint) }
    })))
  const endpoints = found.flat()
  if (endpoints.length <= mostEndpoints) return endpoints
  throw new NetworkFailure(tooMany(`the MX hosts of ${scope.domain} have ${endpoints.length} addresses: of more than ${mostEndpoints} none is tried`))
}

/**
 * Whoever knocks there knocks at this machine, or at a neighbour's, and would blame the domain for what it finds; and whoever
 * has a domain could have it knock at any of them.
 */
export function leadsAstray(address: string): boolean {
  const block = specialPurposeBlock(address)
  return block !== null && !block.startsWith('documentation')
}

/** What stands in the place of an answer from there. */
export function notAsked(host: string, address: string): { readonly problem: Failure } {
  const detail = `${host} has the address ${address} (${specialPurposeBlock(address) ?? 'public'}), at which nobody is asked`
  return { problem: { event: 'unavailable', reason: 'endpoint-unknown', detail } }
}

export function familyOf(address: string): 4 | 6 {
  return isIPv6(address) ? 6 : 4
}
