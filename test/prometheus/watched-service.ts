/** The service over two worlds, in this process, with intervals of seconds. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks } from '../../src/checks/index.ts'
import { createNetwork, makeScope } from '../../src/index.ts'
import { roundTrip } from '../../src/commands/deliver-run.ts'
import { parseConfig, type Config } from '../../src/config.ts'
import { findPerson } from '../../src/delivery/person.ts'
import type { DeliveryResult, EarlierDelivery } from '../../src/delivery/result.ts'
import { systemClock } from '../../src/monitor/clock.ts'
import { DeliveryWatch } from '../../src/monitor/delivery-watch.ts'
import { followMailLogs } from '../../src/monitor/mail-logs.ts'
import { defaultModules, type Module } from '../../src/monitor/modules.ts'
import { ReportLedger } from '../../src/monitor/report-ledger.ts'
import { ReportWatch } from '../../src/monitor/report-watch.ts'
import { startServer, type RunningServer } from '../../src/monitor/server.ts'
import { Service } from '../../src/monitor/service.ts'
import type { Settings } from '../../src/monitor/settings.ts'
import type { Permission } from '../../src/scope.ts'
import { at, failure, sent, times } from '../logs/logs.ts'
import { aggregate, tls } from '../syntax/report-samples.ts'
import { own, startTwoWorlds, type TwoWorlds } from './worlds.ts'

/** Seconds in place of minutes and hours. */
const intervals: Readonly<Record<string, number>> = { dns: 2, sessions: 4, deep: 6 }

const configuration = `
lists:
${['spamhaus-zen', 'spamcop', 'spamhaus-dbl', 'surbl', 'uribl'].map(list => `  ${list}: { off: true }`).join('\n')}
  ours: { zone: bl.example, kind: address, families: [4], codes: { 127.0.0.2: seen in a trap }, page: "https://bl.example/" }
domains:
  good.example:
    accounts:
      - { service: submissions, user: anna@good.example, password: "env:NOT_SET" }
      - { service: imaps, user: anna@good.example, password: "env:NOT_SET" }
`

/** Mail that came through, that did not, and that was not let in; too few failed logins to be worth a word. */
const lines = sent(10, 'anna', 2) + sent(20, 'anna', 1, 'dsn=5.1.1, status=bounced (550 5.1.1 User unknown)') + times(3, i => failure(30 + i, 'joe', '203.0.113.66'))
  + at(40, 'postfix/smtpd[1]', 'NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <x@example.org>: Relay access denied; from=<a@b.example> to=<x@example.org> proto=ESMTP helo=<x>')

export interface WatchedService {
  readonly worlds: TwoWorlds
  readonly service: Service
  readonly server: RunningServer
  readonly modules: readonly Module[]
  readonly domains: readonly string[]
  readonly log: readonly string[]
  close(): Promise<void>
}

/** Further domains come from the worlds of mailcheck. */
export async function startWatchedService(...further: readonly string[]): Promise<WatchedService> {
  const worlds = await startTwoWorlds('good', 'parked')
  const config = parseConfig(configuration, 'mailcheck.yaml')
  const permissions: Permission[] = ['lists']
  const modules = defaultModules(checks, new Set(permissions)).map(module => ({ ...module, interval: intervals[module.name] ?? 6 }))
  const network = createNetwork({ resolvers: worlds.resolvers, route: worlds.route, anchors: [...worlds.anchors] })
  const domains = [...own, ...further]
  const folder = mkdtempSync(join(tmpdir(), 'mailcheck-watched-'))
  const [mailLog, received] = [join(folder, 'mail.log'), join(folder, 'reports')]
  writeFileSync(mailLog, '')
  mkdirSync(received)
  writeFileSync(join(received, 'dmarc.xml'), aggregate({ domain: 'steady.example', rows: [{ count: 9, from: 'steady.example' }, { from: 'steady.example', dkim: 'fail', spf: 'fail', disposition: 'reject' }] }))
  writeFileSync(join(received, 'tls.json'), tls({ domain: 'steady.example', failures: [{ type: 'certificate-expired', host: 'mx.steady.example', count: 2 }] }))
  const settings: Settings = {
    domains: domains.map(domain => ({ domain, shownAs: domain })), targetFiles: [], modules, allowUnlisted: false, concurrency: 20, deadline: 20_000, shard: null,
    scopeOf: ({ domain, shownAs }) => makeScope({ permissions, ehloName: 'probe.example', selectors: worlds.declared[domain]?.selectors ?? [] }, config, { domain, shownAs }),
    network, logs: [mailLog], reports: received,
    routes: [{ name: 'there-and-back', interval: 600, run: earlier => sendToOneself(worlds, config, earlier) }],
  }
  const log: string[] = []
  const tell = (level: string, message: string, fields: object = {}): void => {
    if (level !== 'info') log.push(`${level}: ${message} ${JSON.stringify(fields)}`)
  }
  const service = new Service({
    settings, load: () => Promise.resolve(settings), clock: systemClock, log: tell, checks, deliveries: new DeliveryWatch({ clock: systemClock, log: tell, directory: undefined }),
    mailLogs: followMailLogs(tell), reports: new ReportWatch({ ledger: new ReportLedger(), clock: systemClock, log: tell }),
  })
  const server = await startServer(service, { host: '127.0.0.1', port: 0, access: null, version: '0.0.0' }, tell)
  service.start()
  appendFileSync(mailLog, lines)
  return {
    worlds, service, server, modules, domains, log,
    close: async () => {
      await Promise.all([service.stop(2000), server.close()])
      await worlds.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Over connections of its own: those of the checks are counted. */
function sendToOneself({ resolvers, route, anchors, passwords }: TwoWorlds, config: Config, earlier: readonly EarlierDelivery[]): Promise<DeliveryResult> {
  const found = findPerson(config, 'anna@good.example')
  if (typeof found === 'string') throw new Error(found)
  const anna = { ...found, accounts: found.accounts.map(account => ({ ...account, secret: () => passwords.get(account.user) ?? null })) }
  return roundTrip({
    network: createNetwork({ resolvers, route, anchors: [...anchors] }), config, from: anna, to: [anna], earlier,
    flags: { timeout: 20, keep: false, json: false, strict: false, trace: false, world: false, quiet: true, ipv4: false, ipv6: false, ehlo: 'laptop.good.example' },
  })
}
