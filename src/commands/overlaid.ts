/** `check --overlay FILE`: the network with the records of the file over it. */
import type { Network } from '../network/network.ts'
import { overlay } from '../network/overlay.ts'
import { tell } from './output.ts'
import { plannedRecords } from './planned-records.ts'

/** Throws `UsageError`. */
export async function overlaid(network: Network, file: string, domain: string): Promise<Network> {
  const plan = await plannedRecords({ zone: [file] }, domain, network)
  for (const { place, message } of plan.notes) tell(`${place.file}:${place.line}: ${message}`)
  if (plan.sets.length === 0) tell(`${file}: there is no record in it: ${domain} is checked as it is`)
  return overlay(network, plan)
}
