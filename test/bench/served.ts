/**
 * The service in a process of its own, over labs that run elsewhere, with time compressed. Commands come as JSON lines, and
 * each is answered by one. It ends by itself when its input does: whatever still holds it then has been leaked.
 */
import { createInterface } from 'node:readline'
import { checks } from '../../src/checks/index.ts'
import { createNetwork } from '../../src/index.ts'
import { makeScope } from '../../src/scope.ts'
import { systemClock } from '../../src/monitor/clock.ts'
import { openJournal } from '../../src/monitor/journal.ts'
import { defaultModules } from '../../src/monitor/modules.ts'
import { keepHeapSmall } from '../../src/monitor/small-heap.ts'
import { startServer, type RunningServer } from '../../src/monitor/server.ts'
import { Service } from '../../src/monitor/service.ts'
import type { Settings } from '../../src/monitor/settings.ts'
import type { Lab } from './lab.ts'

export type Command =
  /** Seconds from one run to the next; `state`: the directory for what must outlive a restart. */
  | { readonly command: 'start'; readonly dns: Lab; readonly mail: Lab; readonly interval: number; readonly state?: string }
  /** The mail servers are elsewhere now. */
  | { readonly command: 'mail'; readonly mail: Lab }
  /** What the configuration will say when it is read again: all domains but the last so many. */
  | { readonly command: 'without'; readonly domains: number }
  | { readonly command: 'collect' }
  | { readonly command: 'counts' }

export interface Counts {
  readonly url: string
  readonly connections: number
  /** MiB in use of the heap. */
  readonly heap: number
  readonly errors: readonly string[]
}

keepHeapSmall()
let routes: Lab['routes'] = {}
let connections = 0
let without = 0
const errors: string[] = []
let service: Service | undefined
let server: RunningServer | undefined

async function obey(command: Command): Promise<void> {
  switch (command.command) {
    case 'start': return start(command)
    case 'mail':
      routes = command.mail.routes
      return
    case 'without':
      without = command.domains
      return
    case 'collect':
      globalThis.gc?.()
      return
    case 'counts':
  }
}

async function start({ dns, mail, interval, state }: Command & { command: 'start' }): Promise<void> {
  routes = mail.routes
  const network = createNetwork({
    resolvers: [{ host: dns.resolver.host, port: dns.resolver.port }],
    anchors: [dns.ca, mail.ca],
    route: (address, port) => {
      const local = routes[`${address} ${port}`]
      if (local === undefined) return null
      connections++
      return { address: '127.0.0.1', port: local }
    },
  })
  const modules = defaultModules(checks, new Set()).map(module => ({ ...module, interval }))
  const settings = (): Settings => ({
    domains: dns.domains.slice(0, dns.domains.length - without).map(domain => ({ domain, shownAs: domain })), targetFiles: [], modules,
    allowUnlisted: false, concurrency: 20, deadline: 60_000, shard: null, network,
    scopeOf: input => makeScope({ selectors: ['s1'], ehloName: 'bench.example' }, null, input),
  })
  const log = (level: string, message: string, fields: object = {}): void => {
    if (level === 'error' && errors.length < 20) errors.push(`${message} ${JSON.stringify(fields).slice(0, 500)}`)
  }
  const complaint = (what: string) => () => log('error', what)
  const memory = state === undefined ? undefined : await openJournal(state, {
    log, onDamaged: complaint('a line of the state is damaged'), onWriteError: complaint('a line of the state was not written'), compactFrom: 1 << 16,
  })
  service = new Service({ settings: settings(), load: () => Promise.resolve(settings()), clock: systemClock, log, checks, memory })
  server = await startServer(service, { host: '127.0.0.1', port: 0, access: null, version: '0.0.0' }, log)
  service.start()
}

for await (const line of createInterface({ input: process.stdin })) {
  await obey(JSON.parse(line) as Command)
  process.stdout.write(`${JSON.stringify({ url: server?.url ?? '', connections, heap: process.memoryUsage().heapUsed / 2 ** 20, errors } satisfies Counts)}\n`)
}
await Promise.all([service?.stop(4000), server?.close()])
