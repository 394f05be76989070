/** A check in the embedded world: the same run as everybody's, but on loopback, where everything is known and some of it broken. */
import type { Config, DomainConfig } from '../config.ts'
import { loadWorlds } from '../lab/read-world.ts'
import { describeWorld, startWorld, type DeclaredWorld, type RunningWorld } from '../lab/world.ts'
import { runCheck, type Place } from './check-run.ts'
import type { CheckFlags } from './flags.ts'
import type { Surroundings } from './network-from-flags.ts'
import { UsageError } from './usage-error.ts'

/** Serves the worlds of these names (all, without any) while it checks, and nothing afterwards. Returns the exit status. */
export async function checkInWorld(
  inputs: readonly string[], flags: CheckFlags, config: Config | null, ...names: readonly string[]
): Promise<number> {
  return inWorld(flags, config, names, place => runCheck(inputs, flags, place))
}

/** The same for whatever is to be done there. The world begins when it is first asked: what is wrong with the flags is told before. */
export async function inWorld(
  flags: CheckFlags, config: Config | null, names: readonly string[], work: (place: Place) => Promise<number>,
): Promise<number> {
  for (const name of ['resolver', 'source', 'replay'] as const) {
    if (flags[name] !== undefined) throw new UsageError(`--world and --${name} exclude each other: a world has its own`)
  }
  const definitions = loadWorlds(...names)
  let world: Promise<RunningWorld> | undefined
  const surroundings = async (): Promise<Surroundings> => {
    const { resolver, route, ca } = await (world ??= startWorld(definitions))
    return { resolvers: [resolver], route, roots: [ca] }
  }
  try {
    return await work({ surroundings, config: declaredIn(describeWorld(definitions), config), passwords: passwordsIn(definitions) })
  } finally {
    await (await world)?.close()
  }
}

/** In a world everybody's password is known. */
function passwordsIn(definitions: ReturnType<typeof loadWorlds>): ReadonlyMap<string, string> {
  return new Map(definitions.flatMap(({ servers }) => servers).flatMap(({ services }) => Object.values(services)).flatMap(({ users }) => Object.entries(users)))
}

/** What the owners of the world's domains would have configured, under what the user did. */
function declaredIn({ declared, thirdParties }: DeclaredWorld, config: Config | null): Config {
  const domains = Object.entries(declared).map(([name, { selectors, senders, accounts }]): [string, DomainConfig] =>
    [name, { selectors: [...selectors], ...senders ? { senders: [...senders] } : {}, ...accounts ? { accounts: [...accounts] } : {} }])
  return { at: () => 'the world', thirdParties, ...config, domains: new Map([...domains, ...(config?.domains ?? [])]) }
}
