import { Command } from '@oclif/core/command'
import { boolean } from '@oclif/core/flags'
import { Output } from './output.ts'

export default class SchemaCommand extends Command {
  static override summary = 'Print the JSON Schema of the reports, or of the configuration.'
  static override flags = { config: boolean({ description: 'of mailcheck.yaml' }) }

  async run(): Promise<void> {
    const { flags } = await this.parse(SchemaCommand)
    await new Output().write(`${JSON.stringify(await (flags.config ? configuration() : reports()), null, 2)}\n`)
  }
}

async function configuration(): Promise<object> {
  const { configSchema } = await import('../config.ts')
  return configSchema()
}

async function reports(): Promise<object> {
  const [{ checks }, { reportSchema }] = await Promise.all([import('../checks/index.ts'), import('../report/schema.ts')])
  return reportSchema(checks)
}
