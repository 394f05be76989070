/**
 * Dialogues, shared: one polite session for each (address, port, TLS mode, servername, EHLO name, script), however many
 * domains and checks want what it tells.
 */
import type { Endpoint, Failure, Network } from '../network/network.ts'
import type { SessionFacts } from './session.ts'

export interface Sessions {
  /** The dialogue of this script with this endpoint; held once, and handed to everybody who asks for the same. */
  hold<F extends Shareable>(network: Network, endpoint: Endpoint, script: Script<F>): Promise<F>
  /** The same, and whether it comes to TLS: true as soon as that is likely enough to go there too, false once it has ended without. */
  towardsTls<F extends Shareable>(network: Network, endpoint: Endpoint, script: Script<F>): Promise<boolean>
}

/** What is shared says whether it was kept from being a dialogue at all. */
export type Shareable = Pick<SessionFacts, 'failure'> | { readonly failure?: Failure }

export interface Script<F extends Shareable> {
  /** Part of the key: `smtp as probe.example.org`. */
  readonly name: string
  run(network: Network, endpoint: Endpoint, towardsTls: () => void): Promise<F>
}

/** What runs of a long time share, by age. */
export interface SharedSessions {
  /** For one run: dialogues that ended so many milliseconds ago or less, and those that are under way. */
  within(milliseconds: number): Sessions
}

/** One moment, before which nothing of a call lies. */
const endOfTime = Number.MAX_SAFE_INTEGER

/** For the runs of one call, which see one moment. */
export function createSessions(): Sessions {
  return shareSessions(() => endOfTime).within(0)
}

/** When each dialogue ended, of those that are shared. */
const ended = new WeakMap<object, number>()

/** When the dialogue ended of which these are the facts, in milliseconds since 1970 by the clock of those who share it. */
export function endedAt(facts: Shareable): number | null {
  return ended.get(facts) ?? null
}

interface Held { readonly session: Promise<Shareable>; readonly towardsTls: Promise<boolean>; /** Null while it is under way. */ obtainedAt: number | null }

/** Dialogues that are kept at most; past that the oldest are forgotten. */
const mostHeld = 20_000

/** `now` in milliseconds. */
export function shareSessions(now: () => number): SharedSessions {
  const held = new Map<string, Held>()
  const hold = <F extends Shareable>(network: Network, endpoint: Endpoint, script: Script<F>, maxAge: number): Held => {
    const { address, port, tls, host } = endpoint
    const key = [address, port, tls, host, script.name].join(' ')
    const known = held.get(key)
    if (known && (known.obtainedAt === null || now() - known.obtainedAt <= maxAge)) return known
    let secured = (coming: boolean): unknown => coming
    const towardsTls = new Promise<boolean>(resolve => (secured = resolve))
    const session = script.run(network, endpoint, () => secured(true))
    void session.finally(() => secured(false)).catch(() => undefined)
    const entry: Held = { session, towardsTls, obtainedAt: null }
    held.delete(key) // so that the oldest stand first
    held.set(key, entry)
    const forget = (): unknown => held.get(key) === entry && held.delete(key)
    session.then(facts => {
      const { failure } = facts
      entry.obtainedAt = now()
      ended.set(facts, entry.obtainedAt)
      // what was prevented on our side (deadline, budget, plan) is no dialogue: another domain may have better luck
      if (failure?.event === 'unavailable') forget()
    }, forget)
    for (const oldest of held.keys()) {
      if (held.size <= mostHeld) break
      held.delete(oldest)
    }
    return entry
  }
  return {
    within: maxAge => ({
      // the script is part of the key, and it alone makes the facts
      hold: <F extends Shareable>(network: Network, endpoint: Endpoint, script: Script<F>) => hold(network, endpoint, script, maxAge).session as Promise<F>,
      towardsTls: (network, endpoint, script) => hold(network, endpoint, script, maxAge).towardsTls,
    }),
  }
}
