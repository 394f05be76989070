/** For commands that only ask DNS: the resolvers of the flags, or a file in their place. */
import { readFileSync } from 'node:fs'
import { string } from '@oclif/core/flags'
import { limit } from '../network/limit.ts'
import type { Network } from '../network/network.ts'
import { fileError } from './file-error.ts'
import { networkFlags } from './flags.ts'
import { UsageError } from './usage-error.ts'

export const dnsFlags = {
  'dns-file': string({ helpValue: 'FILE', description: 'answer every question from this file (openspf zone data, JSON or YAML), and ask nobody' }),
  resolver: networkFlags.resolver,
  timeout: networkFlags.timeout,
}

export interface DnsFlags {
  readonly 'dns-file'?: string | undefined
  readonly resolver?: string[] | undefined
  readonly timeout?: number | undefined
}

/** Every lookup still open after `deadline` milliseconds fails. Throws `UsageError` before anything is asked. */
export async function dnsNetwork(flags: DnsFlags, deadline: number): Promise<Network> {
  const { 'dns-file': file } = flags
  if (file === undefined) {
    const [{ networkFromFlags }, { readConfiguration }] = await Promise.all([import('./network-from-flags.ts'), import('./configuration.ts')])
    const unused = { deadline: 0, 'trust-ad': false, ipv4: false, ipv6: false }
    return limit(networkFromFlags({ ...unused, ...flags }, await readConfiguration(undefined)).network, { deadline })
  }
  if (flags.resolver !== undefined) throw new UsageError('--dns-file and --resolver exclude each other: from a file, nobody is asked')
  return readDnsFile(file)
}

/** Throws `UsageError`. */
async function readDnsFile(file: string): Promise<Network> {
  const { dnsFileNetwork, DnsFileError } = await import('../network/dns-file.ts')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${fileError(error)}`)
  }
  try {
    return dnsFileNetwork(text)
  } catch (error) {
    if (error instanceof DnsFileError) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}

/** The DNS files that the cases of a batch name, each read once however often it is named. */
export class DnsFiles {
  readonly #networks = new Map<string, Promise<Network>>()

  /** Throws `UsageError`, for every case that names the file. */
  network(file: string): Promise<Network> {
    let network = this.#networks.get(file)
    if (!network) {
      network = readDnsFile(file)
      this.#networks.set(file, network)
    }
    return network
  }
}
