import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { checkFlags } from './flags.ts'

export default class CheckCommand extends Command {
  static override summary = 'Check the mail of domains: ask their DNS and mail servers, and say what is wrong and how to mend it.'
  static override usage = 'DOMAIN... [FLAGS]'
  static override examples = [
    'mailcheck example.com', 'mailcheck example.com example.org --json', 'mailcheck example.com --only "spf/*" --only dmarc',
    'mailcheck example.com --record example.cassette',
  ]
  static override args = { domain: string({ description: 'a domain: the part of a mail address after the @' }) }
  static override strict = false
  static override flags = checkFlags

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(CheckCommand)
    if (flags.world) {
      const { checkInWorld } = await import('./in-world.ts')
      const { readConfiguration } = await import('./configuration.ts')
      process.exitCode = await checkInWorld(argv as string[], flags, await readConfiguration(flags.config))
      return
    }
    const { runCheck } = await import('./check-run.ts')
    process.exitCode = await runCheck(argv as string[], flags)
  }
}
