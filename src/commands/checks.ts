import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean } from '@oclif/core/flags'
import { outputFlags } from './flags.ts'
import { Output, outputColour, outputWidth } from './output.ts'
import { UsageError } from './usage-error.ts'

export default class ChecksCommand extends Command {
  static override summary = 'List the checks.'
  static override usage = '[PATTERN] [FLAGS]'
  static override args = { pattern: string({ description: 'a topic such as spf, or a pattern such as "*-tls/*"' }) }
  static override flags = { json: boolean({ description: 'for programs, with messages and explanations' }), ...outputFlags }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ChecksCommand)
    const [{ checks: all }, { selectChecks }, { checkCatalogue, renderCheckList }, { stringify }] = await Promise.all([
      import('../checks/index.ts'), import('../checks/select.ts'), import('../report/explain.ts'), import('../report/json.ts'),
    ])
    const { checks, unmatched } = selectChecks(all, args.pattern === undefined ? [] : [args.pattern], [])
    const [wrong] = unmatched
    if (wrong) throw new UsageError(`no check is called "${wrong.pattern}"${wrong.nearest === undefined ? '' : `; did you mean "${wrong.nearest}"?`}`)
    await new Output().write(flags.json ? `${stringify(checkCatalogue(checks), 2)}\n`
      : renderCheckList(checks, { width: outputWidth(), colour: outputColour(flags.color) }))
  }
}
