import { Command } from '@oclif/core/command'
import { string } from '@oclif/core/flags'

export default class DashboardsCommand extends Command {
  static override summary = 'Write Grafana dashboards for what mailcheck serve gives out.'
  static override description = 'All domains, one domain, certificates, sessions: a JSON file each, to be imported or provisioned.'
  static override usage = '--dir DIR'
  static override examples = ['mailcheck dashboards --dir /var/lib/grafana/dashboards']
  static override flags = { dir: string({ helpValue: 'DIR', description: 'where to write them; made when it is not there' }) }

  async run(): Promise<void> {
    const { flags } = await this.parse(DashboardsCommand)
    const { runDashboards } = await import('./dashboards-run.ts')
    await runDashboards(flags.dir)
  }
}
