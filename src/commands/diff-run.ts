/** What `mailcheck diff` does: two reports, or what two recordings give, compared finding by finding. */
import { readFileSync } from 'node:fs'
import { compareReports } from '../change/compare.ts'
import { diffSchema } from '../change/plan-json.ts'
import { pageFor, renderChanges, sections, summary } from '../change/plan-text.ts'
import { check, checks, createSessions, makeScope, type FailOn, type Report } from '../index.ts'
import type { Profile } from '../data/profiles.ts'
import { parseCassette, type Cassette } from '../network/cassette.ts'
import { memo } from '../network/memo.ts'
import { replay } from '../network/replay.ts'
import { stringify } from '../report/json.ts'
import { applyProfile } from '../report/profile.ts'
import { visible } from '../report/visible.ts'
import { parseDomain } from '../syntax/domain.ts'
import { selected } from './check-run.ts'
import { chosenProfile, scopeUnder } from './chosen-profile.ts'
import { comparedWith } from './compared.ts'
import { readConfiguration } from './configuration.ts'
import { ownEhloName } from './ehlo-name.ts'
import { fileError } from './file-error.ts'
import { Output, outputColour, outputWidth, tell } from './output.ts'
import { planStatus } from './plan-run.ts'
import { askedIn, underRecorded } from './recorded-scope.ts'
import { UsageError } from './usage-error.ts'

export interface DiffFlags {
  readonly domain?: string[] | undefined
  readonly format?: string | undefined
  readonly json: boolean
  readonly 'fail-on'?: string | undefined
  readonly strict: boolean
  readonly all: boolean
  readonly selector?: string[] | undefined
  readonly config?: string | undefined
  readonly profile?: string | undefined
  readonly baseline?: string | undefined
  readonly ehlo?: string | undefined
  readonly quiet: boolean
  readonly color?: boolean | undefined
}

export async function runDiff(before: string | undefined, after: string | undefined, flags: DiffFlags): Promise<number> {
  if (before === undefined || after === undefined) throw new UsageError('name two reports or recordings: mailcheck diff BEFORE AFTER')
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text was given too')
  const wanted = (flags.domain ?? []).map(text => {
    const parsed = parseDomain(text)
    if ('error' in parsed) throw new UsageError(`--domain: ${parsed.error}`)
    return parsed.domain
  })
  const config = await readConfiguration(flags.config)
  const compared = comparedWith(flags, config)
  const profile = await chosenProfile(flags.profile, config)
  const graded = (report: Report): Report => profile ? applyProfile(report, profile, checks) : report
  const [old, now] = [await reportsIn(before, wanted, flags, profile), await reportsIn(after, wanted, flags, profile)]
  const policy = { failOn: (flags['fail-on'] ?? config?.defaults?.failOn ?? 'error') as FailOn, strict: flags.strict, all: flags.all }
  const pairs = [...now].flatMap(([domain, report]) => {
    const was = old.get(domain)
    if (!was) tell(`${domain} is in ${after} alone`)
    if (!was) return []
    const [earlier, later] = [graded(was), compared.mark(graded(report))]
    return [{ domain, before: earlier, after: later, ...comparedWhereBoth(domain, earlier, later) }]
  })
  for (const domain of old.keys()) if (!now.has(domain)) tell(`${domain} is in ${before} alone`)
  if (pairs.length === 0) throw new UsageError(`${before} and ${after} have no domain in common`)
  await new Output().write(flags.json || flags.format === 'json' ? json(pairs) : text(pairs, flags))
  compared.tellWaivers(false)
  const statuses = pairs.map(pair => planStatus(pair, policy))
  return statuses.includes(1) ? 1 : statuses.includes(3) ? 3 : 0
}

/** A check that only one of them made is neither new nor gone. */
function comparedWhereBoth(domain: string, before: Report, after: Report): ReturnType<typeof compareReports> {
  const made = [before, after].map(({ findings }) => new Set(findings.map(({ check: id }) => id)))
  const alone = [...new Set(made.flatMap(ids => [...ids]))].filter(id => !made.every(ids => ids.has(id)))
  const common = ({ findings }: Report) => ({ findings: findings.filter(({ check: id }) => !alone.includes(id)) })
  if (alone.length > 0) {
    const count = alone.length === 1 ? 'one check was made for one of the two alone, and is not compared' : `${alone.length} checks were made for one of the two alone, and are not compared`
    tell(`${domain}: ${count}: ${alone.slice(0, 4).join(', ')}${alone.length > 4 ? ' …' : ''}`)
    if (common(after).findings.length === 0) throw new UsageError(`${domain}: no check was made for both: there is nothing to compare`)
  }
  return compareReports(common(before), common(after))
}

type Pair = { readonly domain: string; readonly before: Report; readonly after: Report } & ReturnType<typeof compareReports>

function json(pairs: readonly Pair[]): string {
  const domains = pairs.map(({ domain, before, after, changes, undecided }) => ({
    domain, before: { startedAt: before.startedAt, counts: before.counts }, after: { startedAt: after.startedAt, counts: after.counts }, changes, undecided,
  }))
  return `${stringify({ schema: diffSchema, domains }, 2)}\n`
}

function text(pairs: readonly Pair[], { color, quiet }: DiffFlags): string {
  const options = { width: outputWidth(), colour: outputColour(color), quiet, checks }
  const page = pageFor(options)
  return pairs.map(({ domain, before, after, ...changed }) => sections([
    [page.paint('bold', `${visible(domain)}: what changed`), page.paint('dim', `from ${when(before)} to ${when(after)}`)],
    ...renderChanges(changed, page), [summary(changed, page)],
  ])).join('\n')
}

function when({ startedAt }: Report): string {
  return `${visible(startedAt).slice(0, 10)} ${visible(startedAt).slice(11, 16)} UTC`
}

/** By domain; the last report of a domain counts. */
async function reportsIn(file: string, wanted: readonly string[], flags: DiffFlags, profile: Profile | null): Promise<Map<string, Report>> {
  const content = read(file)
  if (/^\s*(?:;[^\n]*\n\s*)*mailcheck cassette\b/.test(content)) return replayed(file, content, wanted, flags, profile)
  const reports = parseReports(file, content)
  return new Map(reports.filter(({ domain }) => wanted.length === 0 || wanted.includes(domain)).map(report => [report.domain, report]))
}

function parseReports(file: string, content: string): Report[] {
  const found = parsed(content) ?? content.split('\n').filter(line => line.trim() !== '').map((line, i) => {
    const value = parsed(line)
    if (value === undefined) throw new UsageError(`${file}:${i + 1}: this is neither a report (--json, --format jsonl) nor a recording (--record)`)
    return value
  })
  const { reports, after } = found as { reports?: unknown; after?: unknown }
  const list = Array.isArray(reports) ? reports as unknown[] : after !== undefined ? [after] : Array.isArray(found) ? found as unknown[] : [found]
  return list.map(one => {
    if (!isReport(one)) throw new UsageError(`${file} holds no report of mailcheck check`)
    return one
  })
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content) as unknown
  } catch {
    return undefined
  }
}

/** As much as a comparison reads. */
function isReport(value: unknown): value is Report {
  const { domain, startedAt, findings, counts } = (typeof value === 'object' ? value ?? {} : {}) as Partial<Record<keyof Report, unknown>>
  return typeof domain === 'string' && typeof startedAt === 'string' && typeof counts === 'object' && counts !== null && Array.isArray(findings) &&
    (findings as unknown[]).every(finding => {
      const { check: id, subject, verdict, severity, evidence, args, message } = (typeof finding === 'object' ? finding ?? {} : {}) as Record<string, unknown>
      return [id, subject, verdict, severity, message].every(one => typeof one === 'string') && Array.isArray(evidence) && typeof args === 'object' && args !== null
    })
}

async function replayed(file: string, content: string, wanted: readonly string[], flags: DiffFlags, profile: Profile | null): Promise<Map<string, Report>> {
  const { cassette, errors } = parseCassette(content)
  if (errors.length > 0) throw new UsageError(errors.slice(0, 10).map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'))
  const scopes = new Map((cassette.scopes ?? []).map(take => [take.domain, take]))
  const domains = wanted.length > 0 ? wanted : scopes.size > 0 ? [...scopes.keys()].toSorted() : domainsIn(cassette)
  if (domains.length === 0) throw new UsageError(`which domain ${file} is about cannot be told: say --domain DOMAIN`)
  const config = await readConfiguration(flags.config)
  const network = memo(replay(cassette))
  const sessions = createSessions()
  const ehloName = flags.ehlo ?? ehloNameIn(cassette) ?? ownEhloName()
  const reports = new Map<string, Report>()
  for (const domain of domains) {
    const scope = makeScope({ ehloName, selectors: flags.selector ?? [] }, config, { domain, shownAs: domain })
    const take = scopes.get(domain)
    const recorded = take ? underRecorded(scope, take, flags) : scope
    reports.set(domain, await check(scopeUnder(recorded, profile), { network, sessions, checks: selected({}, take ? askedIn([take]) : {}) }))
  }
  return reports
}

/** Nothing but a check of a domain asks for its MTA-STS record. */
function domainsIn({ questions }: Cassette): string[] {
  return [...new Set(questions.flatMap(({ question: { name, type } }) => type === 'TXT' && name.startsWith('_mta-sts.') ? [name.slice('_mta-sts.'.length)] : []))].toSorted()
}

/** A recorded dialogue answers to the name that was given in it. */
function ehloNameIn({ sessions }: Cassette): string | undefined {
  for (const { steps } of sessions) {
    for (const step of steps) if (step.kind === 'sent' && step.text.startsWith('EHLO ')) return step.text.slice('EHLO '.length)
  }
  return undefined
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${fileError(error)}`)
  }
}
