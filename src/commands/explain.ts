import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean } from '@oclif/core/flags'
import { outputFlags } from './flags.ts'
import { Output, outputColour, outputWidth } from './output.ts'
import { UsageError } from './usage-error.ts'

export default class ExplainCommand extends Command {
  static override summary = 'Explain a check: what it claims, why it matters, by which standard.'
  static override usage = 'ID'
  static override examples = ['mailcheck explain spf/within-lookup-limit', 'mailcheck explain spf']
  static override args = { id: string({ description: 'a check, such as spf/record-exists, or a topic, such as spf' }) }
  static override flags = { json: boolean({ description: 'for programs' }), ...outputFlags }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ExplainCommand)
    if (args.id === undefined) throw new UsageError('name a check or a topic, such as: mailcheck explain spf/record-exists (mailcheck checks lists them all)')
    const [{ checks }, { checkCatalogue, renderExplain, renderTopic }, { nearest }, { stringify }] = await Promise.all([
      import('../checks/index.ts'), import('../report/explain.ts'), import('../syntax/nearest.ts'), import('../report/json.ts'),
    ])
    const id = args.id.toLowerCase().replace(/\/\*?$/, '')
    const found = checks.filter(check => check.id === id || check.topic === id)
    const [only] = found
    if (only === undefined) {
      const meant = nearest(id, [...checks.map(check => check.id), ...new Set(checks.map(({ topic }) => topic))])
      throw new UsageError(`no check is called "${args.id.slice(0, 80)}"${meant === undefined ? '' : `; did you mean "${meant}"?`} (mailcheck checks lists them all)`)
    }
    const options = { width: outputWidth(), colour: outputColour(flags.color) }
    const text = flags.json ? `${stringify(checkCatalogue(found), 2)}\n`
      : only.id === id ? renderExplain(only, options) : renderTopic(id, found, options)
    await new Output().write(text)
  }
}
