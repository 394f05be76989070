import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { checkFlags } from './flags.ts'

// What a plan says in other words, or not at all.
const { overlay: {}, since: {}, ...shared } = checkFlags
const several = { multiple: true, multipleNonGreedy: true } as const

export default class PlanCommand extends Command {
  static override summary = 'Say what planned DNS records would change: checks the domain as it is and as it would be, and compares.'
  static override description = 'The planned records come from zone files, octoDNS, "dnscontrol print-ir" or "preview", "terraform show -json", or the command line. ' +
    'They lie over the live DNS: an RRset that is planned takes the place of the live one, all else stays. Exits 1 when something gets worse.'
  static override usage = 'DOMAIN [FLAGS]'
  static override examples = [
    'mailcheck plan example.com --zone example.com.zone', 'mailcheck plan example.com --set \'_dmarc TXT "v=DMARC1; p=reject"\'',
    'mailcheck plan example.com --delete "old._domainkey TXT"', 'terraform show -json plan.out | mailcheck plan example.com --zone -',
  ]
  static override args = { domain: string({ description: 'the domain whose mail is to be checked', ignoreStdin: true }) }
  static override strict = false
  static override flags = {
    zone: text({ ...several, helpValue: 'FILE', description: 'planned records; - reads stdin' }),
    'zone-format': text({ options: ['bind', 'octodns', 'dnscontrol', 'terraform'], description: 'what the file is (default: what it looks like)' }),
    origin: text({ helpValue: 'ZONE', description: 'the zone of the file, where it does not say so (default: the domain)' }),
    complete: boolean({ description: 'the files are the whole zone: what they lack is removed' }),
    set: text({ ...several, helpValue: 'RECORD', description: 'a planned record: NAME [TTL] TYPE DATA' }),
    delete: text({ ...several, helpValue: 'RECORD', description: 'what is to be removed: NAME TYPE [DATA]' }),
    all: boolean({ description: 'the exit status speaks of everything that fails with the plan, not only of what gets worse' }),
    ...shared,
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(PlanCommand)
    const { runPlan, planInWorld } = await import('./plan-run.ts')
    process.exitCode = await (flags.world ? planInWorld : runPlan)(argv as string[], flags)
  }
}
