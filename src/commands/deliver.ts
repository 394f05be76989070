import { Command } from '@oclif/core/command'
import { boolean, string } from '@oclif/core/flags'
import { checkFlags, networkFlags, outputFlags, seconds } from './flags.ts'

export default class DeliverCommand extends Command {
  static override summary = 'Send a small test message from one mailbox of the configuration to others, and see it through.'
  static override description = 'It is handed in by submission, waited for by IMAP and by POP3, in the inbox and in junk folders, read and deleted: ' +
    'that message alone, known by a random id. Accounts are those under "accounts" in mailcheck.yaml, by name, address or user name. ' +
    'Exit status 1 when a message is refused, comes back or is lost, or when something else is wrong with it at the severity of --fail-on; ' +
    '3 when no route could be tested, or with --strict one of them.'
  static override usage = ['--from ACCOUNT --to ACCOUNT[,ACCOUNT...] [FLAGS]']
  static override examples = [
    'mailcheck deliver --from anna@example.com --to anna@example.com',
    'mailcheck deliver --from office --to gmail,outlook --timeout 600 --state /var/lib/mailcheck',
    'mailcheck deliver --world --from anna@good.example --to anna@good.example',
  ]
  static override flags = {
    from: string({ helpValue: 'ACCOUNT', description: 'who sends: it needs an account for submission' }),
    to: string({ helpValue: 'ACCOUNT[,…]', multiple: true, multipleNonGreedy: true, description: 'who receives: accounts for IMAP, POP3 or both' }),
    timeout: seconds('timeout')({ description: 'how long a message may take before it counts as lost', default: 300 }),
    keep: boolean({ description: 'do not delete the message' }),
    state: string({ helpValue: 'DIR', description: 'remember here what was lost, and tell when it comes after all' }),
    format: string({ options: ['text', 'json'], description: 'how to print what came of it (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    config: checkFlags.config,
    'fail-on': checkFlags['fail-on'],
    strict: checkFlags.strict,
    ehlo: checkFlags.ehlo,
    trace: checkFlags.trace,
    world: boolean({ description: 'in the world that comes with mailcheck (see mailcheck demo), not on the internet' }),
    quiet: boolean({ description: 'no progress on stderr' }),
    resolver: networkFlags.resolver,
    ca: networkFlags.ca,
    source: networkFlags.source,
    ipv4: networkFlags.ipv4,
    ipv6: networkFlags.ipv6,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(DeliverCommand)
    const { runDeliver } = await import('./deliver-run.ts')
    process.exitCode = await runDeliver(flags)
  }
}
