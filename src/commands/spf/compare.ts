import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { dnsFlags } from '../dns-network.ts'
import { outputFlags } from '../flags.ts'

export default class SpfCompareCommand extends Command {
  static override summary = 'Compare two SPF records: exactly which addresses gain and lose authorisation.'
  static override description = 'Each is a record in quotation marks, a file that holds one, or a domain. Addresses are compared, not text: ' +
    'includes and redirects are followed, and the first term that matches counts.'
  static override usage = 'BEFORE AFTER [FLAGS]'
  static override examples = [
    'mailcheck spf compare example.com "v=spf1 include:_spf.example.net -all"', 'mailcheck spf compare old.txt new.txt --domain example.com',
  ]
  static override args = {
    before: string({ description: 'a record, a file, or a domain', ignoreStdin: true }),
    after: string({ description: 'the same', ignoreStdin: true }),
  }
  static override flags = {
    domain: text({ helpValue: 'DOMAIN', description: 'whose record it is, where only a record is given (default: the other’s domain)' }),
    format: text({ options: ['text', 'json'], description: 'how to print it (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    ...dnsFlags,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SpfCompareCommand)
    const { runSpfCompare } = await import('./set-run.ts')
    process.exitCode = await runSpfCompare(args.before, args.after, flags)
  }
}
