/** What `mailcheck settings` does: a check of the services alone, of which it prints what works. */
import { stringify } from '../report/json.ts'
import type { Report } from '../report/report.ts'
import { settingsSchemaName } from '../report/settings-schema.ts'
import { mailSettings } from '../report/settings.ts'
import { renderSettingsPage } from '../report/text-settings.ts'
import { runCheck } from './check-run.ts'
import { readConfiguration } from './configuration.ts'
import type { CheckFlags, NetworkFlags } from './flags.ts'
import { inWorld } from './in-world.ts'
import { outputColour, outputWidth, tell } from './output.ts'
import type { Reporter } from './reporter.ts'
import { UsageError } from './usage-error.ts'

type SettingsFlags = NetworkFlags & Pick<CheckFlags, 'format' | 'json' | 'config' | 'ehlo' | 'replay' | 'world' | 'trace' | 'color'>
type Format = 'text' | 'json' | 'autoconfig' | 'mobileconfig'

/** Returns 0 when every domain has something that works, 3 otherwise, or what `runCheck` has to say. */
export async function runSettings(inputs: readonly string[], flags: SettingsFlags): Promise<number> {
  const format = formatOf(flags)
  if ((format === 'autoconfig' || format === 'mobileconfig') && inputs.length > 1) {
    throw new UsageError(`--format ${format} writes one file: name one domain at a time`)
  }
  const checkFlags: CheckFlags = {
    'fail-on': 'never', strict: false, record: undefined, quiet: false, own: false, login: false, 'tls-scan': false, lists: false,
    'third-parties': false, bulk: false, ...flags, format: undefined, json: false, only: ['submission', 'imap', 'pop3', 'tls'],
  }
  const state = { printed: 0, without: 0 }
  const print: Reporter = {
    open: format === 'json' ? `{"schema":${JSON.stringify(settingsSchemaName)},"domains":[` : '',
    report: await renderer(format, flags, state),
    close: format === 'json' ? '\n]}\n' : '',
  }
  const status = flags.world
    ? await inWorld(checkFlags, await readConfiguration(flags.config), [], place => runCheck(inputs, checkFlags, place, print))
    : await runCheck(inputs, checkFlags, undefined, print)
  return status === 0 && state.without > 0 ? 3 : status
}

function formatOf({ json, format }: Pick<SettingsFlags, 'json' | 'format'>): Format {
  if (json && format !== undefined && format !== 'json') throw new UsageError(`--json means --format json, and --format ${format} was given too`)
  return json ? 'json' : (format ?? 'text') as Format
}

async function renderer(format: Format, flags: SettingsFlags, state: { printed: number; without: number }): Promise<(report: Report) => string> {
  if (format === 'autoconfig' || format === 'mobileconfig') {
    const { autoconfigFile, profileFile } = await import('../report/settings-files.ts')
    return report => {
      const file = format === 'autoconfig' ? autoconfigFile(mailSettings(report)) : profileFile(mailSettings(report))
      if ('text' in file) return file.text
      state.without++
      tell(`${report.domain}: there is no file to write: ${file.missing}`)
      return ''
    }
  }
  return report => {
    const settings = mailSettings(report)
    if (settings.reading.length + settings.sending.length === 0) state.without++
    const first = state.printed++ === 0
    if (format === 'json') return `${first ? '\n' : ',\n'}${stringify(settings, 2)}`
    return `${first ? '' : '\n'}${renderSettingsPage(report, { width: outputWidth(), colour: outputColour(flags.color) })}`
  }
}
