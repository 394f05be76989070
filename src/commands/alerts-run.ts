/** What `mailcheck alerts` does: rules from the registry, or their tests, as YAML. */
import { stringify } from 'yaml'
import { checks } from '../checks/index.ts'
import type { Severity } from '../checks/define.ts'
import type { Config } from '../config.ts'
import { alertGroups } from '../monitor/alerts.ts'
import { alertTests } from '../monitor/alert-tests.ts'
import { intervalsOf } from '../monitor/check-intervals.ts'
import { defaultModules, type Module } from '../monitor/modules.ts'
import { SettingsError } from '../monitor/settings.ts'
import { readConfiguration } from './configuration.ts'
import { Output } from './output.ts'
import { modulesOf } from './serve-settings.ts'
import { UsageError } from './usage-error.ts'

export interface AlertFlags {
  readonly config?: string | undefined
  readonly severity: string
  readonly url?: string | undefined
  readonly test: boolean
  readonly rules: string
}

export async function runAlerts({ config: file, severity, url, test, rules }: AlertFlags): Promise<void> {
  const config = await readConfiguration(file)
  if (url !== undefined && !isWebAddress(url)) throw new UsageError(`--url: "${url}" is no address such as http://mailcheck.example.net:9725`)
  const options = { checks, least: severity as Severity, intervalOf: intervalsOf(modulesIn(config)), url }
  await new Output().write(test
    ? `# Tests of ${rules}: promtool test rules FILE\n${yaml(alertTests(options, rules))}`
    : `# Alert rules for the metrics of mailcheck serve, from "mailcheck alerts".\n${yaml({ groups: alertGroups(options) })}`)
}

/** As if everything were permitted: a rule for what is not run costs nothing. */
function modulesIn(config: Config | null): readonly Module[] {
  const everything = new Set(checks.flatMap(({ requires }) => requires ?? []))
  if (!config) return defaultModules(checks, everything)
  try {
    return modulesOf(config, everything)
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message)
    throw error
  }
}

/** Long lines stay whole: expressions are searched for. */
function yaml(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text) && !text.includes('{{')
}
