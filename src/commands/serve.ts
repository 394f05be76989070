import { Command } from '@oclif/core/command'
import { string } from '@oclif/core/flags'
import { checkFlags, networkFlags, seconds } from './flags.ts'

export default class ServeCommand extends Command {
  static override summary = 'Check the domains of the configuration again and again, and serve what was found: metrics for Prometheus, a status page, reports.'
  static override description = `GET /metrics, /probe?target=DOMAIN&module=NAME, /, /report/DOMAIN, /report/DOMAIN.json, /sd, /-/healthy, /-/ready; POST /-/reload.
SIGHUP reads the configuration again, SIGTERM ends the service in order.`
  static override examples = [
    'mailcheck serve --config mailcheck.yaml', 'mailcheck serve --state /var/lib/mailcheck --log-format json', 'mailcheck serve --shard 2/5', 'mailcheck serve --world',
  ]
  static override flags = {
    config: checkFlags.config,
    listen: string({ helpValue: 'HOST:PORT', description: 'where to answer (default: 127.0.0.1:9725)' }),
    state: string({ helpValue: 'DIR', description: 'keep here what must outlive a restart' }),
    'web-config': string({ helpValue: 'FILE', aliases: ['web.config.file'], description: 'TLS and passwords, in the form of the Prometheus exporters' }),
    shard: string({ helpValue: 'I/N', description: 'check only the Ith of N shares of the domains' }),
    'log-format': string({ options: ['text', 'json'], default: 'text', description: 'how to write the log to stderr' }),
    ehlo: checkFlags.ehlo,
    vantage: checkFlags.vantage,
    world: checkFlags.world,
    ...networkFlags,
    deadline: seconds('deadline')({ description: 'the longest that one run may take (default: 60)' }),
    own: checkFlags.own,
    login: checkFlags.login,
    'tls-scan': checkFlags['tls-scan'],
    lists: checkFlags.lists,
    'third-parties': checkFlags['third-parties'],
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(ServeCommand)
    const { runServe } = await import('./serve-run.ts')
    process.exitCode = await runServe(flags)
  }
}
