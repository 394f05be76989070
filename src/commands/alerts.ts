import { Command } from '@oclif/core/command'
import { boolean, string } from '@oclif/core/flags'
import { checkFlags } from './flags.ts'

export default class AlertsCommand extends Command {
  static override summary = 'Print alert rules for Prometheus: one for each check, one group for each question, and the monitoring itself.'
  static override description = `An alert waits until two runs have seen a critical failure or an error, and four a warning; the intervals are those of the
configuration. Its runbook is what "mailcheck explain" says. Prometheus 2.42 or later reads them.`
  static override usage = '[FLAGS]'
  static override examples = [
    'mailcheck alerts --url http://mailcheck.example.net:9725 > mailcheck-alerts.yml', 'mailcheck alerts --test > mailcheck-alerts-test.yml',
  ]
  static override flags = {
    config: checkFlags.config,
    severity: string({ options: ['critical', 'error', 'warning', 'notice'], default: 'warning', description: 'the least severity that somebody is told of' }),
    url: string({ helpValue: 'URL', description: 'where people reach mailcheck serve: alerts link to the report of the domain' }),
    test: boolean({ description: 'print tests of the rules instead, for "promtool test rules"' }),
    rules: string({ helpValue: 'FILE', default: 'mailcheck-alerts.yml', description: 'with --test: where the rules are, as seen from the tests' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(AlertsCommand)
    const { runAlerts } = await import('./alerts-run.ts')
    await runAlerts(flags)
  }
}
