/** What `mailcheck deliver` does, from arguments to exit status. */
import { setTimeout as pause } from 'node:timers/promises'
import { severities, type Severity } from '../checks/define.ts'
import type { Config } from '../config.ts'
import { findDoors } from '../delivery/doors.ts'
import { findPerson, type Person } from '../delivery/person.ts'
import type { DeliveryResult, EarlierDelivery } from '../delivery/result.ts'
import { deliver, type Party } from '../delivery/round-trip.ts'
import { makeScope } from '../index.ts'
import { readDeliveries, stillWaiting, writeDeliveries } from '../monitor/deliveries.ts'
import type { Network } from '../network/network.ts'
import { renderDelivery } from '../report/delivery.ts'
import { renderDeliveryJson } from '../report/delivery-json.ts'
import { visible } from '../report/visible.ts'
import type { Place } from './check-run.ts'
import { readConfiguration, configFile } from './configuration.ts'
import { ownEhloName } from './ehlo-name.ts'
import { fileError } from './file-error.ts'
import type { CheckFlags } from './flags.ts'
import { inWorld } from './in-world.ts'
import { withSecrets } from './login-secrets.ts'
import { familiesOf, networkFromFlags } from './network-from-flags.ts'
import { Output, outputColour, outputWidth, tell } from './output.ts'
import { traceLines } from './trace.ts'
import { UsageError } from './usage-error.ts'

export interface DeliverFlags {
  readonly from?: string | undefined
  readonly to?: readonly string[] | undefined
  readonly timeout: number
  readonly keep: boolean
  readonly state?: string | undefined
  readonly format?: string | undefined
  readonly json: boolean
  readonly config?: string | undefined
  readonly 'fail-on'?: string | undefined
  readonly strict: boolean
  readonly ehlo?: string | undefined
  readonly trace: boolean
  readonly world: boolean
  readonly quiet: boolean
  readonly resolver?: string[] | undefined
  readonly ca?: string | undefined
  readonly source?: string | undefined
  readonly ipv4: boolean
  readonly ipv6: boolean
  readonly color?: boolean | undefined
}

/** Several looks, several recipients and a sender may be at home at one server: their own, so more is polite there than elsewhere. */
const budget = { perEndpoint: 6, perMinute: 30 } as const

/** Throws `UsageError` and `ConfigError` before anything is sent. */
export async function runDeliver(flags: DeliverFlags): Promise<number> {
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
  if (flags.from === undefined || !flags.to?.join('').replaceAll(',', '').trim()) throw new UsageError('deliver needs --from ACCOUNT and --to ACCOUNT: mailboxes of the configuration, by name or address')
  const config = await readConfiguration(flags.config)
  if (flags.world) return inWorld(asCheckFlags(flags), config, [], place => sendAll(flags, place.config, place))
  if (!config) throw new UsageError(`deliver needs a configuration with accounts: write ${configFile} (mailcheck init example.com begins one), or name it with --config`)
  return sendAll(flags, config)
}

/** In a world of this name alone. */
export async function deliverInWorld(name: string, flags: DeliverFlags): Promise<number> {
  return inWorld(asCheckFlags(flags), null, [name], place => sendAll(flags, place.config, place))
}

async function sendAll(flags: DeliverFlags, config: Config, place?: Place): Promise<number> {
  const sender = personFor(config, flags.from ?? '', '--from')
  const recipients = [...new Set((flags.to ?? []).flatMap(text => text.split(',')).map(text => text.trim()).filter(text => text !== ''))]
  if (recipients.length > mostRecipients) throw new UsageError(`--to: of more than ${mostRecipients} accounts at a time nobody has asked for`)
  const receivers = recipients.map(name => personFor(config, name, '--to'))
  const from = withSecrets(sender, place)
  const to = receivers.map(person => withSecrets(person, place))
  const earlier = flags.state === undefined ? [] : readState(flags.state)
  const { network } = networkFromFlags(asCheckFlags(flags), config, flags.trace ? event => {
    for (const line of traceLines(event)) process.stderr.write(`${line}\n`)
  } : undefined, place?.surroundings, budget)
  const result = await roundTrip({ network, config, flags, from, to, earlier })
  if (flags.state !== undefined) writeState(flags.state, stillWaiting(earlier, result, network.now()))
  await new Output().write(flags.json || flags.format === 'json' ? renderDeliveryJson(result) : renderDelivery(result, { width: outputWidth(), colour: outputColour(flags.color) }))
  return exitStatus(result, flags)
}

const mostRecipients = 20

interface Trip {
  readonly network: Network
  readonly config: Config
  readonly flags: DeliverFlags
  readonly from: Person
  readonly to: readonly Person[]
  readonly earlier: readonly EarlierDelivery[]
}

export async function roundTrip({ network, config, flags, from, to, earlier }: Trip): Promise<DeliveryResult> {
  const families = familiesOf(flags)
  const party = async (person: Person): Promise<Party> => {
    const scope = makeScope({ ehloName: flags.ehlo ?? ownEhloName(), vantage: [], ...families ? { families } : {} }, config, { domain: person.domain, shownAs: person.domain })
    return { person, doors: await findDoors(network, person, scope) }
  }
  const parties = await Promise.all([from, ...to].map(party))
  const [sender, ...receivers] = parties
  if (!sender) throw new TypeError('somebody must send')
  return deliver({
    network, clock: { now: () => network.now(), pause: pauseFor }, from: sender, to: receivers,
    timeout: flags.timeout * 1000, keep: flags.keep, earlier,
    ...flags.quiet || flags.trace || !process.stderr.isTTY ? {} : { onMoment: (route, { seconds, text, stamped }) => { if (!stamped) tell(`${route}: +${seconds.toFixed(1)} s ${visible(text)}`) } },
  })
}

/** Milliseconds. */
export async function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { ...signal ? { signal } : {} }).catch(() => undefined)
}

/** Throws `UsageError`. */
function personFor(config: Config, name: string, flag: string): Person {
  const person = findPerson(config, name)
  if (typeof person === 'string') throw new UsageError(`${flag}: ${person}`)
  return person
}

function readState(directory: string): EarlierDelivery[] {
  try {
    return readDeliveries(directory)
  } catch (error) {
    throw new UsageError(`--state: ${error instanceof TypeError ? error.message : `${directory} cannot be read: ${fileError(error)}`}`)
  }
}

function writeState(directory: string, waiting: readonly EarlierDelivery[]): void {
  try {
    writeDeliveries(directory, waiting)
  } catch (error) {
    tell(`--state: ${directory} cannot be written: ${fileError(error)}`)
  }
}

/** As DESIGN §8 has it: 1 for what is wrong at that severity, else 3 where nothing could be tested, with --strict anything. */
function exitStatus({ routes }: DeliveryResult, { 'fail-on': failOn = 'error', strict }: DeliverFlags): number {
  const grave: readonly Severity[] = failOn === 'never' ? [] : severities.slice(0, severities.indexOf(failOn as Severity) + 1)
  if (routes.some(({ problems }) => problems.some(({ severity }) => grave.includes(severity)))) return 1
  const unknown = routes.filter(({ outcome }) => outcome === 'unknown')
  return unknown.length === routes.length || (strict && unknown.length > 0) ? 3 : 0
}

function asCheckFlags(flags: DeliverFlags): CheckFlags {
  return {
    json: false, strict: false, quiet: false, bulk: false, own: false, login: true, 'tls-scan': false, lists: false, 'third-parties': false, 'trust-ad': false,
    resolver: flags.resolver, ca: flags.ca, source: flags.source, ipv4: flags.ipv4, ipv6: flags.ipv6, trace: flags.trace, world: flags.world, deadline: flags.timeout,
  }
}
