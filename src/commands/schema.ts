import { Command } from '@oclif/core/command'
import { boolean } from '@oclif/core/flags'
import { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

export default class SchemaCommand extends Command {
  static override summary = 'Print the JSON Schema of the reports, of the settings, of received reports, or of the configuration.'
  static override flags = {
    config: boolean({ description: 'of mailcheck.yaml' }),
    settings: boolean({ description: 'of mailcheck settings --json' }),
    received: boolean({ description: 'of mailcheck reports --json' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SchemaCommand)
    if ([flags.config, flags.settings, flags.received].filter(Boolean).length > 1) throw new UsageError('--config, --settings and --received exclude each other: each prints one schema')
    await new Output().write(`${JSON.stringify(await (flags.config ? configuration() : flags.settings ? settings() : flags.received ? received() : reports()), null, 2)}\n`)
  }
}

async function configuration(): Promise<object> {
  const { configSchema } = await import('../config.ts')
  return configSchema()
}

async function settings(): Promise<object> {
  return (await import('../report/settings-schema.ts')).settingsSchema()
}

async function received(): Promise<object> {
  return (await import('../report/received-json.ts')).receivedSchema()
}

async function reports(): Promise<object> {
  const [{ checks }, { reportSchema }] = await Promise.all([import('../checks/index.ts'), import('../report/schema.ts')])
  return reportSchema(checks)
}
