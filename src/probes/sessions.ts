/**
 * Dialogues, shared: one polite session for each (address, port, TLS mode, servername, EHLO name, script), however many
 * domains and checks want what it tells.
 */
import type { Endpoint, Network } from '../network/network.ts'
import type { ServiceSession } from './session.ts'

export interface Sessions {
  /** The dialogue of this script with this endpoint; held once, and handed to everybody who asks for the same. */
  hold<F extends ServiceSession>(network: Network, endpoint: Endpoint, script: Script<F>): Promise<F>
}

export interface Script<F extends ServiceSession> {
  /** Part of the key: `smtp as probe.example.org`. */
  readonly name: string
  run(network: Network, endpoint: Endpoint): Promise<F>
}
