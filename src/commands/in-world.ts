/** A check in the embedded world: the same run as everybody's, but on loopback, where everything is known and some of it broken. */
import type { Config, DomainConfig } from '../config.ts'
import { loadWorlds } from '../lab/read-world.ts'
import { startWorld, type RunningWorld } from '../lab/world.ts'
import { runCheck, type Place } from './check-run.ts'
import type { CheckFlags } from './flags.ts'
import { UsageError } from './usage-error.ts'

/** Serves the worlds of these names (all, without any) while it checks, and nothing afterwards. Returns the exit status. */
export async function checkInWorld(
  inputs: readonly string[], flags: CheckFlags, config: Config | null, ...names: readonly string[]
): Promise<number> {
  return inWorld(flags, config, names, place => runCheck(inputs, flags, place))
}

/** The same for whatever is to be done there. */
export async function inWorld(
  flags: CheckFlags, config: Config | null, names: readonly string[], work: (place: Place) => Promise<number>,
): Promise<number> {
  for (const name of ['resolver', 'source', 'replay'] as const) {
    if (flags[name] !== undefined) throw new UsageError(`--world and --${name} exclude each other: a world has its own`)
  }
  const definitions = loadWorlds(...names)
  const world = await startWorld(definitions)
  try {
    const { resolver, route, ca } = world
    return await work({ surroundings: { resolvers: [resolver], route, roots: [ca] }, config: declaredIn(world, config), passwords: passwordsIn(definitions) })
  } finally {
    await world.close()
  }
}

/** In a world everybody's password is known. */
function passwordsIn(definitions: ReturnType<typeof loadWorlds>): ReadonlyMap<string, string> {
  return new Map(definitions.flatMap(({ servers }) => servers).flatMap(({ services }) => Object.values(services)).flatMap(({ users }) => Object.entries(users)))
}

/** What the owners of the world's domains would have configured, under what the user did. */
function declaredIn({ declared, thirdParties }: RunningWorld, config: Config | null): Config {
  const domains = Object.entries(declared).map(([name, { selectors, senders, accounts }]): [string, DomainConfig] =>
    [name, { selectors: [...selectors], ...senders ? { senders: [...senders] } : {}, ...accounts ? { accounts: [...accounts] } : {} }])
  return { at: () => 'the world', thirdParties, ...config, domains: new Map([...domains, ...(config?.domains ?? [])]) }
}
