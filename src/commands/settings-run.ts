/** What `mailcheck settings` does: a check of the services alone, of which it prints what works. */
import { stringify } from '../report/json.ts'
import { mailSettings } from '../report/settings.ts'
import { renderSettingsPage } from '../report/text-settings.ts'
import { runCheck } from './check-run.ts'
import { readConfiguration } from './configuration.ts'
import type { CheckFlags, NetworkFlags } from './flags.ts'
import { inWorld } from './in-world.ts'
import { outputColour, outputWidth } from './output.ts'
import type { Reporter } from './reporter.ts'
import { UsageError } from './usage-error.ts'

type SettingsFlags = NetworkFlags & Pick<CheckFlags, 'format' | 'json' | 'config' | 'ehlo' | 'replay' | 'world' | 'trace' | 'color'>

export const settingsSchema = 'mailcheck.settings/1'

/** Returns 0 when every domain has something that works, 3 otherwise, or what `runCheck` has to say. */
export async function runSettings(inputs: readonly string[], flags: SettingsFlags): Promise<number> {
  if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text was given too')
  const json = flags.json || flags.format === 'json'
  const checkFlags: CheckFlags = {
    'fail-on': 'never', strict: false, record: undefined, quiet: false, own: false, login: false, 'tls-scan': false, lists: false,
    'third-parties': false, bulk: false, ...flags, format: undefined, json: false, only: ['submission', 'imap', 'pop3', 'tls'],
  }
  let printed = 0
  let without = 0
  const print: Reporter = {
    open: json ? `{"schema":${JSON.stringify(settingsSchema)},"domains":[` : '',
    report: report => {
      const settings = mailSettings(report)
      if (settings.reading.length + settings.sending.length === 0) without++
      const first = printed++ === 0
      if (json) return `${first ? '\n' : ',\n'}${stringify(settings, 2)}`
      return `${first ? '' : '\n'}${renderSettingsPage(report, { width: outputWidth(), colour: outputColour(flags.color) })}`
    },
    close: json ? '\n]}\n' : '',
  }
  const status = flags.world
    ? await inWorld(checkFlags, await readConfiguration(flags.config), [], place => runCheck(inputs, checkFlags, place, print))
    : await runCheck(inputs, checkFlags, undefined, print)
  return status === 0 && without > 0 ? 3 : status
}
