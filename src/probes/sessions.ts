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

export function createSessions(): Sessions {
  const held = new Map<string, Promise<ServiceSession>>()
  return {
    hold<F extends ServiceSession>(network: Network, endpoint: Endpoint, script: Script<F>): Promise<F> {
      const { address, port, tls, host } = endpoint
      const key = [address, port, tls, host, script.name].join(' ')
      const known = held.get(key)
      // the script is part of the key, and it alone makes the facts
      if (known) return known as Promise<F>
      const session = script.run(network, endpoint)
      held.set(key, session)
      const forget = (): unknown => held.get(key) === session && held.delete(key)
      // what was prevented on our side (deadline, budget, plan) is no dialogue: another domain may have better luck
      session.then(({ failure }) => failure?.event === 'unavailable' && forget(), forget)
      return session
    },
  }
}
