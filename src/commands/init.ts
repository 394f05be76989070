import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { networkFlags } from './flags.ts'

export default class InitCommand extends Command {
  static override summary = 'Write mailcheck.yaml from what is found of a domain.'
  static override usage = 'DOMAIN [FLAGS]'
  static override args = { domain: string({ description: 'the domain' }) }
  static override flags = {
    config: text({ helpValue: 'FILE', description: 'where to write it', default: 'mailcheck.yaml' }),
    force: boolean({ description: 'overwrite what is there' }),
    replay: text({ helpValue: 'FILE', description: 'answer from a recording, and ask nobody' }),
    ...networkFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(InitCommand)
    const { runInit } = await import('./init-run.ts')
    process.exitCode = await runInit(args.domain, flags)
  }
}
