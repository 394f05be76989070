/** The service as it runs, over worlds on loopback: configuration as text, requests over real HTTP, time by a clock that is told. */
import { request, type IncomingHttpHeaders } from 'node:http'
import { checks } from '../../src/checks/index.ts'
import { chosenProfile } from '../../src/commands/chosen-profile.ts'
import { UsageError } from '../../src/commands/usage-error.ts'
import { settingsFrom, type ServeFlags, type SettingsInput } from '../../src/commands/serve-settings.ts'
import { ConfigError, parseConfig } from '../../src/config.ts'
import { createNetwork } from '../../src/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import type { Clock } from '../../src/monitor/clock.ts'
import type { Log, LogFields } from '../../src/monitor/log.ts'
import { startServer, type RunningServer } from '../../src/monitor/server.ts'
import { Service, type ServiceOptions } from '../../src/monitor/service.ts'
import { SettingsError, type Settings } from '../../src/monitor/settings.ts'
import type { WebAccess } from '../../src/monitor/web-config.ts'
import { FakeClock } from './fake-clock.ts'

export interface Serving {
  readonly service: Service
  readonly server: RunningServer
  readonly clock: FakeClock
  readonly logged: { level: string; message: string; fields: LogFields }[]
  /** What the configuration file says from now on. */
  write(config: string): void
  /** Until every target has run. */
  allRun(): Promise<void>
  get(path: string, options?: RequestOptions): Promise<Response>
  close(): Promise<void>
}

export interface RequestOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const flags: ServeFlags = {
  world: false, ipv4: false, ipv6: false, 'trust-ad': false, own: false, login: false, 'tls-scan': false, lists: false, 'third-parties': false,
  ehlo: 'probe.example.net', vantage: ['none'], timeout: 3,
}

let world: Promise<RunningWorld> | undefined

/** The same for all tests of a file. */
export function worldOf(...names: readonly string[]): Promise<RunningWorld> {
  world ??= startWorld(loadWorlds(...names))
  return world
}

export async function closeWorld(): Promise<void> {
  await (await world)?.close()
  world = undefined
}

export interface ServingOptions extends Partial<Pick<ServiceOptions, 'memory' | 'discovery' | 'reports' | 'deliveries' | 'mailLogs'>>, Pick<SettingsInput, 'reportsOn'> {
  readonly access?: WebAccess
  readonly flags?: Partial<ServeFlags>
  readonly settings?: Partial<Settings>
  /** Do not set out yet. */
  readonly idle?: boolean
}

export async function serve(config: string, { access, flags: given = {}, settings: more = {}, idle = false, reportsOn, ...rest }: ServingOptions = {}): Promise<Serving> {
  const { resolver, route, ca } = await worldOf('good', 'parked', 'faulty')
  const network = createNetwork({ resolvers: [resolver], route, anchors: [ca], timeout: 3000 })
  let text = config
  const load = async (): Promise<Settings> => {
    try {
      const now = parseConfig(text, 'mailcheck.yaml')
      const profile = await chosenProfile(undefined, now)
      return { ...settingsFrom({ flags: { ...flags, ...given }, config: now, shard: null, network, profile, reportsOn }), ...more }
    } catch (error) {
      throw error instanceof ConfigError || error instanceof UsageError ? new SettingsError(error.message) : error as Error
    }
  }
  const clock = new FakeClock()
  const logged: Serving['logged'] = []
  const log: Log = (level, message, fields = {}) => logged.push({ level, message, fields })
  const service = new Service({ settings: await load(), load, clock: clock satisfies Clock, log, checks, ...rest })
  const server = await startServer(service, { host: '127.0.0.1', port: 0, access: access ?? null, version: '0.0.0' }, log)
  if (!idle) service.start()
  return {
    service, server, clock, logged,
    write: now => (text = now),
    allRun: async () => {
      const targets = [...service.targets.all()]
      await Promise.all(targets.map(async ({ domain, module }) => {
        const found = service.targets.module(module)
        if (found) await service.probe({ domain, shownAs: domain }, found, 60_000)
      }))
    },
    get: (path, options) => get(server.url, path, options),
    close: async () => {
      await service.stop(0)
      await server.close()
    },
  }
}

export function get(base: string, path: string, { method = 'GET', headers = {} }: RequestOptions = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const asked = request({ host: hostname, port, path, method, headers, agent: false }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** Every series of a text in the exposition format. Throws for what Prometheus would not take. */
export function parseMetrics(text: string): Map<string, number> {
  const series = new Map<string, number>()
  const typed = new Map<string, string>()
  let family = ''
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) (.+)$/i.exec(line)
    if (comment) {
      const [, kind, name = '', rest = ''] = comment
      if (kind === 'TYPE') {
        if (typed.has(name)) throw new Error(`the family ${name} stands twice`)
        typed.set(name, rest)
        family = name
      }
      continue
    }
    if (line === '') continue
    const sample = /^([a-z_:][a-z0-9_:]*)(\{(?:[a-z_][a-z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (\S+)$/i.exec(line)
    if (!sample) throw new Error(`no sample: ${line}`)
    const [, name = '', labels = '', value = ''] = sample
    if (name !== family && name.replace(/_(?:bucket|sum|count)$/, '') !== family) throw new Error(`${name} stands under ${family}`)
    if (series.has(name + labels)) throw new Error(`twice: ${name}${labels}`)
    if (Number.isNaN(Number(value)) && value !== 'Nan' && value !== '+Inf') throw new Error(`no number: ${line}`)
    series.set(name + labels, Number(value))
  }
  if (!text.endsWith('\n')) throw new Error('the last line is not ended')
  return series
}
