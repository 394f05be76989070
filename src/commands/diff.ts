import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { checkFlags } from './flags.ts'

export default class DiffCommand extends Command {
  static override summary = 'Compare two saved reports or recordings: what came, what went, what got worse or better.'
  static override description = 'Each is what "mailcheck check --json" or "--format jsonl" printed, or what "--record" wrote. Exits 1 when something got worse.'
  static override usage = 'BEFORE AFTER [FLAGS]'
  static override examples = ['mailcheck diff yesterday.json today.json', 'mailcheck diff before.cassette after.cassette --fail-on warning']
  static override args = {
    before: string({ description: 'a report or a recording', ignoreStdin: true }),
    after: string({ description: 'the same, later', ignoreStdin: true }),
  }
  static override flags = {
    domain: text({ multiple: true, multipleNonGreedy: true, helpValue: 'DOMAIN', description: 'only this domain; for recordings that do not say it, the one to check' }),
    format: text({ options: ['text', 'json'], description: 'how to print it (default: text)' }),
    json: checkFlags.json,
    'fail-on': checkFlags['fail-on'],
    strict: checkFlags.strict,
    all: boolean({ description: 'the exit status speaks of everything that fails in AFTER' }),
    selector: checkFlags.selector,
    config: checkFlags.config,
    profile: checkFlags.profile,
    baseline: checkFlags.baseline,
    ehlo: checkFlags.ehlo,
    quiet: checkFlags.quiet,
    color: checkFlags.color,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DiffCommand)
    const { runDiff } = await import('./diff-run.ts')
    process.exitCode = await runDiff(args.before, args.after, flags)
  }
}
