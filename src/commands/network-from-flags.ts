/** The network that the flags ask for: the live one, a recorded one, or a recording. */
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { createNetwork, observed, type NetworkOptions, type Surroundings } from '../index.ts'
import { formatCassette, parseCassette, type Cassette, type ScopeTake } from '../network/cassette.ts'
import { parseResolver, systemResolvers, type ResolverAddress } from '../network/dns/resolver.ts'
import type { Network } from '../network/network.ts'
import { firstLine } from '../network/notation.ts'
import { createRecorder } from '../network/record.ts'
import type { Redacted } from '../network/redact/redact.ts'
import { replay } from '../network/replay.ts'
import type { NetworkEvent } from '../network/watch.ts'
import type { Scope } from '../scope.ts'
import { fileError } from './file-error.ts'
import type { NetworkFlags } from './flags.ts'
import { tell } from './output.ts'
import { scopeTake, underRecorded, type Asked, type SaidNow } from './recorded-scope.ts'
import { UsageError } from './usage-error.ts'

export interface PreparedNetwork {
  readonly network: Network
  /** Notes the scope in the recording that is made; in a replay, fills in what was recorded with it. */
  readonly scoped: (scope: Scope) => Scope
  /** Writes the recording, when one was asked for. */
  readonly finish: () => Promise<void>
}

export type { Surroundings }

type Flags = NetworkFlags & SaidNow & Asked & { readonly record?: string | undefined; readonly replay?: string | undefined; readonly redact?: boolean; readonly quiet?: boolean }

/** Throws `UsageError` before anything is asked. */
export function networkFromFlags(
  flags: Flags, config: Config | null, listener?: (event: NetworkEvent) => void, surroundings?: () => Promise<Surroundings>, budget?: NetworkOptions['budget'],
): PreparedNetwork {
  if (flags.redact && flags.record === undefined) throw new UsageError('--redact needs --record FILE: it is the recording that is redacted')
  if (flags.replay !== undefined) {
    const copy = flags.record
    if (copy !== undefined && !flags.redact) throw new UsageError('--record and --replay exclude each other, but with --redact: a recording is a copy of itself')
    if (copy !== undefined && resolve(copy) === resolve(flags.replay)) throw new UsageError(`--record and --replay name the same file: give the redacted copy another name, or what ${copy} holds is lost`)
    const cassette = readCassette(flags.replay)
    const isNew = copy !== undefined && tryToWrite(copy)
    const scopes = new Map((cassette.scopes ?? []).map(take => [take.domain, take]))
    const scoped = (scope: Scope): Scope => {
      const take = scopes.get(scope.domain)
      return take ? underRecorded(scope, take, flags) : scope
    }
    return { network: observed(replay(cassette), listener), scoped, finish: async () => copy === undefined ? undefined : writeCassette({ file: copy, isNew }, cassette, flags) }
  }
  const recorder = flags.record === undefined ? undefined : createRecorder()
  const file = flags.record
  const isNew = file !== undefined && tryToWrite(file)
  const families = familiesOf(flags)
  if (flags.source !== undefined && isIP(flags.source) === 0) throw new UsageError(`--source: "${flags.source}" is no IP address`)
  const network = createNetwork({
    resolvers: surroundings ? [] : resolversOf(flags, config),
    ...(surroundings ? { surroundings } : {}),
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout * 1000 }),
    ...(flags['trust-ad'] ? { trustAd: true } : {}),
    anchors: flags.ca === undefined ? [] : readAnchors(flags.ca),
    ...(flags.source === undefined ? {} : { source: flags.source }),
    ...(families ? { families } : {}),
    ...(recorder ? { recorder } : {}),
    ...(listener ? { listener } : {}),
    ...(budget ? { budget } : {}),
  })
  const scoped = (scope: Scope): Scope => {
    recorder?.scopes.push(scopeTake(scope, { ...flags, profile: flags.profile ?? config?.defaults?.profile }))
    return scope
  }
  return { network, scoped, finish: async () => file !== undefined && recorder ? writeCassette({ file, isNew }, recorder.cassette(), flags) : undefined }
}

/** `-4`, `-6`; both or none mean both. */
export function familiesOf({ ipv4, ipv6 }: Pick<NetworkFlags, 'ipv4' | 'ipv6'>): readonly (4 | 6)[] | undefined {
  if (ipv4 === ipv6) return undefined
  return ipv4 ? [4] : [6]
}

/** Flags over the configuration over the system. */
function resolversOf(flags: NetworkFlags, config: Config | null): ResolverAddress[] {
  if (flags.resolver && flags.resolver.length > 0) return flags.resolver.map(text => resolver(text, '--resolver'))
  const configured = config?.defaults?.resolvers ?? []
  if (configured.length > 0) return configured.map((text, i) => resolver(text, config?.at('defaults', 'resolvers', i) ?? ''))
  return systemResolvers()
}

function resolver(text: string, where: string): ResolverAddress {
  const parsed = parseResolver(text)
  if ('error' in parsed) throw new UsageError(`${where}: ${parsed.error}`)
  return parsed
}

function readAnchors(file: string): string[] {
  const text = read(file, '--ca')
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (certificates.length === 0) throw new UsageError(`--ca: ${file} holds no certificate (PEM, "-----BEGIN CERTIFICATE-----")`)
  return certificates
}

/** The domains that a recording is about; a replay needs not name them. */
export function domainsRecorded(file: string): string[] {
  return scopesRecorded(file).map(({ domain }) => domain)
}

/** What a recording says of its runs, read without the rest of it. */
export function scopesRecorded(file: string): readonly ScopeTake[] {
  const blocks = read(file, '--replay').replaceAll('\r', '').match(/^scope .*(?:\n[ \t].*)*/gm) ?? []
  if (blocks.length === 0) readCassette(file) // no recording at all is another mistake than one that names no domain
  return parseCassette([firstLine, ...blocks].join('\n')).cassette.scopes ?? []
}

function readCassette(file: string): Cassette {
  const { cassette, errors } = parseCassette(read(file, '--replay'))
  if (errors.length > 0) throw new UsageError(errors.slice(0, 10).map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'))
  return cassette
}

interface Recording {
  readonly file: string
  /** It was made for this. */
  readonly isNew: boolean
}

async function writeCassette({ file, isNew }: Recording, cassette: Cassette, { redact, quiet }: Flags): Promise<void> {
  const redacted = redact ? await redactedOf(cassette, { file, isNew }) : null
  if (redacted && !quiet) for (const [domain, name] of redacted.domains) tell(`${domain} is called ${name} in ${file}`)
  try {
    writeFileSync(file, formatCassette(redacted?.cassette ?? cassette))
  } catch (error) {
    throw new UsageError(`--record: ${file} cannot be written: ${fileError(error)}`)
  }
}

/** Throws `UsageError`: what cannot be redacted is not written. */
async function redactedOf(cassette: Cassette, { file, isNew }: Recording): Promise<Redacted> {
  const { redact, RedactionError } = await import('../network/redact/redact.ts')
  try {
    return await redact(cassette)
  } catch (error) {
    if (isNew) rmSync(file, { force: true })
    throw error instanceof RedactionError ? new UsageError(`--redact: ${file} is not written, because ${error.message}`) : error
  }
}

/** Better now than after a minute of asking. True where there was no such file. */
function tryToWrite(file: string): boolean {
  const isNew = !existsSync(file)
  try {
    closeSync(openSync(file, 'a'))
    return isNew
  } catch (error) {
    throw new UsageError(`--record: ${file} cannot be written: ${fileError(error)}`)
  }
}

function read(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${flag}: ${file} cannot be read: ${fileError(error)}`)
  }
}
