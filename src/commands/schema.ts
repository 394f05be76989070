import { Command } from '@oclif/core/command'
import { boolean } from '@oclif/core/flags'
import { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

export default class SchemaCommand extends Command {
  static override summary = 'Print the JSON Schema of the reports, of plans and comparisons, of the settings, of deliveries, of received reports, of the report of a mail log, or of the configuration.'
  static override flags = {
    config: boolean({ description: 'of mailcheck.yaml' }),
    plan: boolean({ description: 'of mailcheck plan --json' }),
    diff: boolean({ description: 'of mailcheck diff --json' }),
    deliver: boolean({ description: 'of mailcheck deliver --json' }),
    settings: boolean({ description: 'of mailcheck settings --json' }),
    received: boolean({ description: 'of mailcheck reports --json' }),
    logs: boolean({ description: 'of mailcheck logs --json' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(SchemaCommand)
    const asked = [flags.config ? configuration : null, flags.plan ? plans : null, flags.diff ? comparisons : null, flags.settings ? settings : null, flags.deliver ? deliveries : null, flags.received ? received : null, flags.logs ? logs : null].filter(schema => schema !== null)
    if (asked.length > 1) throw new UsageError('--config, --plan, --diff, --settings, --deliver, --received and --logs exclude each other: each prints one schema')
    await new Output().write(`${JSON.stringify(await (asked[0] ?? reports)(), null, 2)}\n`)
  }
}

async function configuration(): Promise<object> {
  const { configSchema } = await import('../config.ts')
  return configSchema()
}

async function plans(): Promise<object> {
  const [{ checks }, { planJsonSchema }] = await Promise.all([import('../checks/index.ts'), import('../change/plan-schema.ts')])
  return planJsonSchema(checks)
}

async function comparisons(): Promise<object> {
  const [{ checks }, { diffJsonSchema }] = await Promise.all([import('../checks/index.ts'), import('../change/plan-schema.ts')])
  return diffJsonSchema(checks)
}

async function deliveries(): Promise<object> {
  return (await import('../report/delivery-json.ts')).deliverySchema()
}

async function settings(): Promise<object> {
  return (await import('../report/settings-schema.ts')).settingsSchema()
}

async function received(): Promise<object> {
  return (await import('../report/received-json.ts')).receivedSchema()
}

async function logs(): Promise<object> {
  return (await import('../report/logs-schema.ts')).logsSchema()
}

async function reports(): Promise<object> {
  const [{ checks }, { reportSchema }] = await Promise.all([import('../checks/index.ts'), import('../report/schema.ts')])
  return reportSchema(checks)
}
