import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { dnsFlags } from './dns-network.ts'
import { checkFlags, outputFlags } from './flags.ts'

export default class ReportsCommand extends Command {
  static override summary = 'Tell what others report of your domains: DMARC aggregate, TLS and failure reports.'
  static override description = 'A PATH is a report (XML, JSON, gzip, zip), a mail with reports, a mailbox (mbox), a maildir, or a folder of these. ' +
    'With --state, what was read is kept in a directory: each report counts once, in whichever run it is read, and sources are new that no earlier run knew. ' +
    'What cannot be read is set aside and listed. Nobody is asked unless --names, --resolver or --dns-file says so. ' +
    'Exit status 1 when a check of the topic reports fails at the severity of --fail-on; 2 when no report was found at all.'
  static override usage = ['PATH... [FLAGS]', '--account ACCOUNT [--dir FOLDER...] [FLAGS]']
  static override examples = [
    'mailcheck reports ~/Maildir/.Reports',
    'mailcheck reports google.com!example.com!1795132800!1795219199.zip --json',
    'mailcheck reports reports.mbox --state /var/lib/mailcheck --names',
    'mailcheck reports --account dmarc@example.com --dir Reports --state /var/lib/mailcheck',
  ]
  static override strict = false
  static override args = { path: string({ description: 'a report, a mail, a mailbox, or a folder of these', ignoreStdin: true }) }
  static override flags = {
    account: text({ helpValue: 'ACCOUNT', description: 'read the reports in this mailbox of the configuration, over IMAP; it is left as it is' }),
    dir: text({ multiple: true, multipleNonGreedy: true, helpValue: 'FOLDER', description: 'in this folder of the mailbox (default: INBOX)' }),
    domain: text({ multiple: true, multipleNonGreedy: true, helpValue: 'DOMAIN', description: 'only reports on this domain' }),
    state: text({ helpValue: 'DIR', description: 'keep what was read here, and tell what is new' }),
    names: boolean({ description: 'look up the names of sources' }),
    now: text({ helpValue: 'TIME', description: 'judge as of this time, such as 2026-11-23T10:00:00Z' }),
    'fail-on': checkFlags['fail-on'],
    strict: checkFlags.strict,
    config: checkFlags.config,
    world: boolean({ description: 'the mailbox is in the world that comes with mailcheck' }),
    format: text({ options: ['text', 'json', 'html'], description: 'how to print what they come to (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    ...dnsFlags,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ReportsCommand)
    const { runReports } = await import('./reports-run.ts')
    process.exitCode = await runReports(argv.map(String), flags)
  }
}
