import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { dnsFlags } from '../dns-network.ts'
import { outputFlags } from '../flags.ts'

export default class SpfExpandCommand extends Command {
  static override summary = 'Show what an SPF record includes, what it costs, and exactly which addresses it authorises.'
  static override usage = 'DOMAIN [FLAGS]'
  static override examples = ['mailcheck spf expand example.com', 'mailcheck spf expand example.com --json']
  static override args = { domain: string({ description: 'the domain', ignoreStdin: true }) }
  static override flags = {
    format: text({ options: ['text', 'json'], description: 'how to print it (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    ...dnsFlags,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SpfExpandCommand)
    const { runSpfExpand } = await import('./set-run.ts')
    process.exitCode = await runSpfExpand(args.domain, flags)
  }
}
