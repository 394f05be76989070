/** What `mailcheck init` does. */
import { existsSync, writeFileSync } from 'node:fs'
import { check, makeScope, parseDomain } from '../index.ts'
import { decided } from '../report/report.ts'
import { ownEhloName } from './ehlo-name.ts'
import { fileError } from './file-error.ts'
import type { NetworkFlags } from './flags.ts'
import { Interruption } from './interruption.ts'
import { familiesOf, networkFromFlags } from './network-from-flags.ts'
import { Output, tell } from './output.ts'
import { suggestConfig } from './suggested-config.ts'
import { UsageError } from './usage-error.ts'

export async function runInit(
  input: string | undefined, flags: NetworkFlags & { readonly config: string; readonly force: boolean; readonly replay?: string | undefined },
): Promise<number> {
  if (input === undefined) throw new UsageError('name a domain, such as: mailcheck init example.com')
  const parsed = parseDomain(input)
  if ('error' in parsed) throw new UsageError(parsed.error)
  if (parsed.note !== undefined) tell(parsed.note)
  const file = flags.config
  if (!flags.force && existsSync(file)) throw new UsageError(`${file} is there already; --force overwrites it`)
  const { network, scoped } = networkFromFlags(flags, null)
  const interruption = new Interruption()
  const families = familiesOf(flags)
  const report = await check(scoped(makeScope({ ehloName: ownEhloName(), ...(families ? { families } : {}) }, null, parsed)), {
    network, deadline: flags.deadline * 1000, signal: interruption.signal,
  })
  if (interruption.byUser) return 130
  if (!decided(report.counts)) {
    tell(`${file} was not written, because nothing could be found out. ${report.vantage.join(' ')}`.trim())
    return 3
  }
  const { text, selectors, services } = suggestConfig(report, flags.resolver)
  try {
    writeFileSync(file, text, { flag: flags.force ? 'w' : 'wx' })
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${fileError(error)}`)
  }
  await new Output().write(`Wrote ${file}: ${selectors.length} DKIM selectors, ${services.length} services. Read it, and correct it.\n`)
  return 0
}
