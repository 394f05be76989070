import { Command } from '@oclif/core/command'
import { boolean } from '@oclif/core/flags'
import { outputFlags } from './flags.ts'
import { Output, outputColour, outputWidth } from './output.ts'

export default class ChecksCommand extends Command {
  static override summary = 'List all checks.'
  static override flags = { json: boolean({ description: 'for programs, with messages and explanations' }), ...outputFlags }

  async run(): Promise<void> {
    const { flags } = await this.parse(ChecksCommand)
    const [{ checks }, { checkCatalogue, renderCheckList }, { stringify }] = await Promise.all([
      import('../checks/index.ts'), import('../report/explain.ts'), import('../report/json.ts'),
    ])
    await new Output().write(flags.json ? `${stringify(checkCatalogue(checks), 2)}\n`
      : renderCheckList(checks, { width: outputWidth(), colour: outputColour(flags.color) }))
  }
}
