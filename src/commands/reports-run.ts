/** What `mailcheck reports` does, from arguments to exit status. */
import type { Config } from '../config.ts'
import { reportedDomains, digestReports } from '../evaluate/report-digest.ts'
import { check, checks as allChecks, exitCode, makeScope, NetworkFailure, parseDomain, type FailOn, type Network } from '../index.ts'
import { reportsIn } from '../monitor/report-files.ts'
import { ReportLedger } from '../monitor/report-ledger.ts'
import type { ReceivedDomain, ReceivedPage } from '../report/received.ts'
import type { ReceivedReport, SetAside } from '../syntax/received-report.ts'
import type { Place } from './check-run.ts'
import { dnsNetwork, type DnsFlags } from './dns-network.ts'
import { ownEhloName } from './ehlo-name.ts'
import { Output, outputColour, outputWidth, tell } from './output.ts'
import { asUsage, oldestLeftOut, reportFiles } from './read-reports.ts'
import type { AccountReading } from './report-account.ts'
import { namedSources } from './source-names.ts'
import { timeOf } from './time-of.ts'
import { UsageError } from './usage-error.ts'

export interface ReportsFlags extends DnsFlags {
  readonly account?: string | undefined
  readonly dir?: string[] | undefined
  readonly config?: string | undefined
  readonly world?: boolean | undefined
  readonly domain?: string[] | undefined
  readonly state?: string | undefined
  readonly names: boolean
  readonly now?: string | undefined
  readonly 'fail-on'?: string | undefined
  readonly strict: boolean
  readonly format?: string | undefined
  readonly json: boolean
  readonly color?: boolean | undefined
}

const mostDomains = 200
/** Milliseconds for all that is looked up. */
const deadline = 30_000

/** Returns the exit status. Throws `UsageError`. */
export async function runReports(paths: readonly string[], flags: ReportsFlags): Promise<number> {
  if (flags.json && flags.format !== undefined && flags.format !== 'json') throw new UsageError(`--json means --format json, and --format ${flags.format} contradicts it`)
  if (paths.length === 0 && flags.account === undefined && flags.state === undefined) {
    throw new UsageError('name a report, a mail, a mailbox or a folder of these (or --account ACCOUNT; or --state DIR, for what was read before)')
  }
  if (flags.account === undefined && (flags.dir !== undefined || flags.world)) throw new UsageError(`${flags.world ? '--world' : '--dir'} says where the mailbox of --account is`)
  const now = flags.now === undefined ? null : timeOf(flags.now)
  if (flags.now !== undefined && !now) throw new UsageError(`--now: "${flags.now.slice(0, 80)}" is no time such as 2026-11-23T10:00:00Z`)
  const wanted = (flags.domain ?? []).map(wantedDomain)
  const asking = flags.names || flags['dns-file'] !== undefined || flags.resolver !== undefined
  const network = asking ? await dnsNetwork(flags, deadline) : null
  const account = flags.account === undefined ? null : await readAccountOf(flags.account, flags)
  const read = await ingest(paths, flags.state, account)
  const groups = [...byDomain(read.ledger.all())].filter(([domain]) => wanted.length === 0 || wanted.includes(domain))
  const domains = groups.map(([domain, reports]) => ({ domain, reports, messages: digestReports(domain, reports).messages.total }))
  domains.sort((a, b) => b.messages - a.messages || (a.domain < b.domain ? -1 : 1))
  const shown: ReceivedDomain[] = []
  for (const { domain, reports } of domains.slice(0, mostDomains)) shown.push(await received(domain, reports, { known: read.known(domain), network, now, bare: flags.state === undefined }))
  const page: ReceivedPage = { domains: shown, domainsOmitted: domains.length - shown.length, read: read.counts, setAside: read.setAside }
  await new Output().write(await render(page, flags))
  if (shown.length === 0) {
    tell(wanted.length > 0 && read.ledger.size > 0 ? `there is no report on ${wanted.join(', ')}` : 'there is no report')
    return 2
  }
  const status = exitCode(shown.map(({ report }) => report), { failOn: (flags['fail-on'] ?? 'error') as FailOn, strict: flags.strict })
  // The sums, which were asked for, are told: that a first run has no history to judge by is no failure of it.
  return status === 3 && !flags.strict ? 0 : status
}

async function readAccountOf(account: string, flags: ReportsFlags): Promise<AccountReading> {
  const [{ readAccount }, { networkFromFlags }, { readConfiguration, configFile }] = await Promise.all([import('./report-account.ts'), import('./network-from-flags.ts'), import('./configuration.ts')])
  const config = await readConfiguration(flags.config)
  const networkFlags = { deadline: 60, 'trust-ad': false, ipv4: false, ipv6: false, resolver: flags.resolver, timeout: flags.timeout }
  const read = (now: Config, place?: Place): Promise<AccountReading> => {
    const { network } = networkFromFlags(networkFlags, now, undefined, place?.surroundings)
    return readAccount(account, { network, config: now, place, folders: flags.dir ?? [], state: flags.state })
  }
  if (!flags.world) {
    if (!config) throw new UsageError(`--account needs a configuration with accounts: write ${configFile}, or name it with --config`)
    return read(config)
  }
  const { inWorld } = await import('./in-world.ts')
  const found: { reading?: AccountReading } = {}
  await inWorld({ ...networkFlags, json: false, strict: false, quiet: false, bulk: false, own: false, login: true, 'tls-scan': false, lists: false, 'third-parties': false, trace: false, world: true }, config, [], async place => {
    found.reading = await read(place.config, place)
    return 0
  })
  if (!found.reading) throw new TypeError('the world came to no end')
  return found.reading
}

function wantedDomain(text: string): string {
  const parsed = parseDomain(text)
  if ('error' in parsed) throw new UsageError(`--domain: ${parsed.error}`)
  return parsed.domain
}

interface Ingested {
  readonly ledger: ReportLedger
  readonly counts: ReceivedPage['read']
  readonly setAside: readonly SetAside[]
  /** The sources that earlier runs knew; null when there was none. */
  readonly known: (domain: string) => ReadonlySet<string> | null
}

async function ingest(paths: readonly string[], state: string | undefined, account: AccountReading | null): Promise<Ingested> {
  const { files, unusable } = reportFiles(paths)
  const ledger = new ReportLedger(state ?? null)
  const setAside: SetAside[] = unusable.map(({ path, reason }) => ({ where: path, line: null, reason }))
  let [reports, duplicates] = [0, 0]
  const known = new Map<string, Set<string>>()
  await asUsage(ledger.write(async add => {
    for (const report of ledger.all()) rememberSources(known, report)
    const forgotten = ledger.forgotten
    for (const report of account?.reports ?? []) {
      if (await add(report)) reports++
      else duplicates++
    }
    setAside.push(...account?.setAside ?? [])
    for (const file of files) {
      for await (const read of reportsIn(file)) {
        for (const report of read.reports) {
          if (await add(report)) reports++
          else duplicates++
        }
        setAside.push(...read.setAside)
      }
    }
    if (ledger.forgotten > forgotten) setAside.push({ where: state ?? paths[0] ?? '', line: null, reason: oldestLeftOut(ledger.forgotten - forgotten) })
  }))
  account?.done()
  if (ledger.damaged > 0) tell(`${ledger.damaged === 1 ? 'a line' : `${ledger.damaged} lines`} of the state in ${state ?? ''} cannot be read and ${ledger.damaged === 1 ? 'is' : 'are'} passed over`)
  return { ledger, counts: { files: files.length, messages: account?.messages ?? 0, reports, duplicates }, setAside, known: domain => known.get(domain) ?? null }
}

function rememberSources(known: Map<string, Set<string>>, report: ReceivedReport): void {
  if (report.kind !== 'dmarc') return
  const sources = known.get(report.domain) ?? new Set()
  known.set(report.domain, sources)
  for (const { source } of report.rows) sources.add(source)
}

function byDomain(reports: Iterable<ReceivedReport>): Map<string, ReceivedReport[]> {
  const groups = new Map<string, ReceivedReport[]>()
  for (const report of reports) {
    for (const domain of reportedDomains(report)) {
      const group = groups.get(domain)
      if (group) group.push(report)
      else groups.set(domain, [report])
    }
  }
  return groups
}

interface Circumstances {
  readonly known: ReadonlySet<string> | null
  readonly network: Network | null
  readonly now: Date | null
  /** Without a state directory: what needs a history is left out. */
  readonly bare: boolean
}

async function received(domain: string, reports: readonly ReceivedReport[], { known, network, now, bare }: Circumstances): Promise<ReceivedDomain> {
  const digest = digestReports(domain, reports, known)
  // Whether reports are asked for stands in the DNS.
  const checks = allChecks.filter(({ topic, needs, alsoRequires }) => topic === 'reports' && (network !== null || !needs.includes('dmarc')) && (!bare || alsoRequires === undefined))
  const scope = makeScope({ permissions: ['reports', 'state'], ehloName: ownEhloName(), reports }, null, { domain, shownAs: domain })
  const report = await check(scope, { network: at(network ?? nobody, now), checks })
  return { digest: { ...digest, sources: await namedSources(digest.sources, domain, network) }, report }
}

/** Whose clock stands at `now`. */
function at(network: Network, now: Date | null): Network {
  return now ? { query: question => network.query(question), connect: endpoint => network.connect(endpoint), fetch: url => network.fetch(url), now: () => now } : network
}

function refuse(): Promise<never> {
  return Promise.reject(new NetworkFailure({ event: 'unavailable', reason: 'not-recorded', detail: 'nobody may be asked' }))
}

const nobody: Network = { query: refuse, connect: refuse, fetch: refuse, now: () => new Date() }

async function render(page: ReceivedPage, { format, json, color }: ReportsFlags): Promise<string> {
  const checks = allChecks.filter(({ topic }) => topic === 'reports')
  if (json || format === 'json') return (await import('../report/received-json.ts')).renderReceivedJson(page)
  if (format === 'html') return (await import('../report/received-html.ts')).renderReceivedHtml(page, checks)
  return (await import('../report/received-text.ts')).renderReceived(page, { width: outputWidth(), colour: outputColour(color), checks })
}
