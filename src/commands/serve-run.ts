/** What `mailcheck serve` does, from arguments to the end of the service. */
import { checks } from '../checks/index.ts'
import { ConfigError, type Config } from '../config.ts'
import { version } from '../package.ts'
import { DeliveryWatch } from '../monitor/delivery-watch.ts'
import { keepHeapSmall } from '../monitor/small-heap.ts'
import { systemClock } from '../monitor/clock.ts'
import { createLog } from '../monitor/log.ts'
import { openJournal, StateError } from '../monitor/journal.ts'
import { followMailLogs } from '../monitor/mail-logs.ts'
import { listenFailure, startServer, type RunningServer } from '../monitor/server.ts'
import { Service } from '../monitor/service.ts'
import { ReportLedger } from '../monitor/report-ledger.ts'
import { ReportWatch } from '../monitor/report-watch.ts'
import { SettingsError, type Settings } from '../monitor/settings.ts'
import { parseShard } from '../monitor/stable-hash.ts'
import { watchTargetFiles } from '../monitor/target-files.ts'
import type { WebAccess } from '../monitor/web-config.ts'
import { parseListenAddress, type ListenAddress } from '../syntax/listen-address.ts'
import type { Place } from './check-run.ts'
import { chosenProfile } from './chosen-profile.ts'
import { configFile, readConfiguration } from './configuration.ts'
import type { CheckFlags } from './flags.ts'
import { inWorld } from './in-world.ts'
import { networkFromFlags } from './network-from-flags.ts'
import { Turns } from '../network/turns.ts'
import { settingsFrom, stateOf, type ServeFlags } from './serve-settings.ts'
import { UsageError } from './usage-error.ts'

const usualPort = 9725
const usualAddress = `127.0.0.1:${usualPort}`
/** Milliseconds in which a service that is told to end has ended. */
const patience = 4000
/** Milliseconds that the first look at others’ reports may hold up the first run. */
const firstLook = 10_000

/** Returns the exit status when the service has ended. Throws `UsageError` and `ConfigError` for what it cannot begin with. */
export async function runServe(flags: ServeFlags): Promise<number> {
  const config = await readConfiguration(flags.config)
  if (flags.world) return inWorld(asCheckFlags(flags), config, [], place => serve(flags, place.config, place))
  if (!config) throw new UsageError(`serve needs a configuration that names domains: write ${configFile} (mailcheck init example.com begins one), or name it with --config`)
  return serve(flags, config, null)
}

async function serve(flags: ServeFlags, config: Config, place: Place | null): Promise<number> {
  keepHeapSmall()
  const surroundings = place?.surroundings
  const log = createLog(flags['log-format'] === 'json' ? 'json' : 'text', line => process.stderr.write(line))
  const shard = flags.shard === undefined ? null : parseShard(flags.shard)
  if (flags.shard !== undefined && !shard) throw new UsageError(`--shard: "${flags.shard}" is no share such as 2/5`)
  const { host, port } = addressOf(flags, config)

  const running: { service?: Service; server?: RunningServer; reports?: ReportWatch } = {}
  let network = networkFromFlags({ ...flags, deadline: 60 }, config, undefined, surroundings).network
  let resolvers = JSON.stringify(config.defaults?.resolvers)
  const settingsOf = async (now: Config, domains?: readonly string[]): Promise<Settings> => {
    if (JSON.stringify(now.defaults?.resolvers) !== resolvers) {
      network = networkFromFlags({ ...flags, deadline: 60 }, now, undefined, surroundings).network
      resolvers = JSON.stringify(now.defaults?.resolvers)
    }
    const profile = await chosenProfile(undefined, now)
    return settingsFrom({ flags, config: now, domains, shard, network, profile, passwords: place?.passwords, reportsOn: domain => running.reports?.reportsOn(domain) ?? [], reportsReadAt: () => running.reports?.readAt ?? null })
  }
  const load = async (): Promise<Settings> => {
    try {
      const now = await readConfiguration(flags.config)
      if (place) return await settingsOf(declaredThere(now, place), namedIn(now))
      if (!now) throw new SettingsError(`${configFile}: cannot be read: there is no such file`)
      return await settingsOf(now)
    } catch (error) {
      if (error instanceof ConfigError || error instanceof UsageError) throw new SettingsError(error.message)
      throw error
    }
  }
  const webConfig = flags['web-config'] ?? config.serve?.webConfig
  const reader = webConfig === undefined ? null : await import('../monitor/web-config.ts') // bcrypt and its kin: only where there is a file
  const accessNow = (): WebAccess | null => webConfig === undefined || !reader ? null : reader.readWebConfig(webConfig)
  const settings = place ? await load().catch(asUsage) : await settingsOf(config).catch(asUsage)
  const access = begin(accessNow)
  const directory = stateOf(flags, config)
  let damaged = 0
  const memory = directory === undefined ? undefined : await openJournal(directory, {
    log, onDamaged: lines => (damaged += lines), onWriteError: () => running.service?.own.stateWriteFailed(),
  }).catch((error: unknown) => {
    throw error instanceof StateError ? new UsageError(error.message) : error
  })
  const ledger = await (directory === undefined ? new ReportLedger() : ReportLedger.read(directory).catch(async (error: unknown) => {
    await memory?.close()
    throw error instanceof StateError ? new UsageError(error.message) : error
  }))
  damaged += ledger.damaged
  const turns = new Turns()
  running.reports = new ReportWatch({ ledger, clock: systemClock, log, turns })
  const service = new Service({
    settings, clock: systemClock, log, checks, turns, memory, reports: running.reports, deliveries: new DeliveryWatch({ clock: systemClock, log, directory }), discovery: watchTargetFiles(systemClock, log), mailLogs: followMailLogs(log),
    load: async () => {
      const [now, access] = [await load(), accessNow()]
      running.server?.renew(access)
      return now
    },
  })
  running.service = service
  service.own.stateLinesDamaged(damaged)
  const server = await startServer(service, { host, port, access, version: version() }, log)
    .catch(async (error: unknown) => {
      await memory?.close()
      throw new UsageError(listenFailure(error, { host, port }))
    })
  running.server = server
  log('info', 'listening', { url: server.url })
  const ended = untilTold(service, log)
  // What lies there already is for the first run of the checks, unless it takes too long to read.
  await new Promise<void>(resolve => {
    const cancel = systemClock.after(firstLook, resolve)
    for (const first of [running.reports?.watch(settings.reports ?? null), ended]) {
      void first?.then(() => {
        cancel()
        resolve()
      })
    }
  })
  service.start()
  await ended
  log('info', 'ending')
  await Promise.all([service.stop(patience), server.close(patience)])
  return 0
}

/** A configuration in a world: what its domains would declare, under what the file says now. */
function declaredThere(now: Config | null, { config }: Place): Config {
  return { ...now, at: now?.at ?? config.at, domains: new Map([...config.domains, ...now?.domains ?? []]) }
}

/** The domains to check in a world; where the file names none, nor files that do, all that there are. */
function namedIn(now: Config | null): readonly string[] | undefined {
  return now && (now.domains.size > 0 || now.serve?.targets) ? [...now.domains.keys()] : undefined
}

function asUsage(error: unknown): never {
  throw error instanceof SettingsError ? new UsageError(error.message) : error
}

/** What stands in the way of beginning is for the user to mend. */
function begin<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    return asUsage(error)
  }
}

/** Settles when the service is told to end; SIGHUP reads the configuration again. */
function untilTold(service: Service, log: ReturnType<typeof createLog>): Promise<void> {
  process.on('SIGHUP', () => {
    service.reload().catch((error: unknown) => log('error', 'reading the configuration failed by a bug in mailcheck', { error: String(error) }))
  })
  return new Promise(resolve => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.once(name, () => {
        process.once(name, () => process.exit(130)) // told twice: at once
        resolve()
      })
    }
  })
}

function addressOf({ listen }: ServeFlags, { serve, at }: Config): ListenAddress {
  const text = listen ?? serve?.listen ?? usualAddress
  const parsed = parseListenAddress(text, usualPort)
  if (!parsed) throw new UsageError(`${listen === undefined ? at('serve', 'listen') : '--listen'}: "${text}" is no address to listen at, such as ${usualAddress}`)
  return parsed
}

function asCheckFlags(flags: ServeFlags): CheckFlags {
  return { json: false, strict: false, trace: false, quiet: false, bulk: false, ...flags, deadline: 60 }
}
