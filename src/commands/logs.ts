import { Command } from '@oclif/core/command'
import { boolean, custom, string } from '@oclif/core/flags'
import { checkFlags, outputFlags } from './flags.ts'
import { UsageError } from './usage-error.ts'

const amount = (name: string) => custom<number>({
  helpValue: 'N',
  parse: input => {
    if (!/^[1-9]\d{0,8}$/.test(input)) throw new UsageError(`--${name}: ${JSON.stringify(input)} is no whole number from 1 on`)
    return Promise.resolve(Number(input))
  },
})

export default class LogsCommand extends Command {
  static override summary = 'Read the logs of Postfix, Dovecot and Exim: who guesses passwords, who sends too much, what is refused, what waits, what came back.'
  static override description = 'FILE is a log of syslog or of the server itself, also gzipped, or what journalctl -o export or -o json prints; - is stdin. ' +
    'Rotated parts and logs of several servers are read in the order of time. Users and addresses are hidden unless --show-names is given. ' +
    'Exit status 1 when something is found at the severity of --fail-on, 3 when no line is of a mail server.'
  static override usage = 'FILE... [FLAGS]'
  static override examples = [
    'mailcheck logs /var/log/mail.log', 'mailcheck logs /var/log/mail.log* --show-names', 'mailcheck logs /var/log/mail.log --follow',
    'journalctl -u postfix@- -u dovecot -o export | mailcheck logs -', 'mailcheck logs /var/log/exim4/mainlog* --json',
  ]
  static override strict = false
  static override flags = {
    follow: boolean({ char: 'f' as 'i', description: 'go on reading as the log grows, and tell what is found as it comes; Ctrl-C ends it with the report' }),
    'show-names': boolean({ description: 'show users and addresses, and the lines as they are' }),
    window: string({ helpValue: 'DURATION', description: 'the time over which is counted, such as 30m or 2h (default: 1h)' }),
    'auth-failures': amount('auth-failures')({ description: 'failed logins within it that are told (default: 10)' }),
    'sprayed-accounts': amount('sprayed-accounts')({ description: 'accounts that one source tries, from which on it is spraying (default: 5)' }),
    sending: amount('sending')({ description: 'recipients of one account within it that are told (default: 100)' }),
    'sending-factor': amount('sending-factor')({ description: 'and how many times its own most before that must be (default: 5)' }),
    now: string({ helpValue: 'TIME', description: 'the logs end at this time, for lines without a year (default: when the file was last written to)' }),
    'fail-on': checkFlags['fail-on'],
    format: string({ options: ['text', 'json'], description: 'how to print the report (default: text); with --follow, json is one finding a line' }),
    json: boolean({ description: 'short for --format json' }),
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(LogsCommand)
    const { runLogs } = await import('./logs-run.ts')
    process.exitCode = await runLogs(argv as string[], flags)
  }
}
