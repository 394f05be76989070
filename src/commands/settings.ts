import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { string as text } from '@oclif/core/flags'
import { checkFlags, networkFlags } from './flags.ts'

export default class SettingsCommand extends Command {
  static override summary = 'Show what to type into a mail program: every service of the domain that works, best first.'
  static override usage = 'DOMAIN... [FLAGS]'
  static override examples = ['mailcheck settings example.com', 'mailcheck settings example.com --json', 'mailcheck settings example.com --format mobileconfig > example.mobileconfig']
  static override args = { domain: string({ description: 'a domain: the part of a mail address after the @' }) }
  static override strict = false
  static override flags = {
    format: text({ options: ['text', 'json', 'autoconfig', 'mobileconfig'], description: 'how to print it, or as which file (default: text)' }),
    json: checkFlags.json,
    config: checkFlags.config,
    ehlo: checkFlags.ehlo,
    replay: checkFlags.replay,
    world: checkFlags.world,
    trace: checkFlags.trace,
    color: checkFlags.color,
    ...networkFlags,
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(SettingsCommand)
    const { runSettings } = await import('./settings-run.ts')
    process.exitCode = await runSettings(argv as string[], flags)
  }
}
