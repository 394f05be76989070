import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { string as text } from '@oclif/core/flags'
import { checkFlags, networkFlags } from './flags.ts'

/** As change/fix-notations.ts has them, which is loaded only to do the work. */
const notations = ['bind', 'octodns', 'dnscontrol', 'terraform-cloudflare', 'terraform-route53']

export default class FixCommand extends Command {
  static override summary = 'Print the records that cure what fails, to paste into a zone: those that, laid over the DNS, make nothing worse.'
  static override usage = 'DOMAIN [FLAGS]'
  static override examples = ['mailcheck fix example.com > fix.zone', 'mailcheck plan example.com --zone fix.zone', 'mailcheck fix example.com --for octodns']
  static override args = { domain: string({ description: 'a domain: the part of a mail address after the @' }) }
  static override strict = false
  static override flags = {
    for: text({ options: notations, default: 'bind', description: 'the notation of the records' }),
    only: checkFlags.only,
    skip: checkFlags.skip,
    selector: checkFlags.selector,
    config: checkFlags.config,
    ehlo: checkFlags.ehlo,
    vantage: checkFlags.vantage,
    own: checkFlags.own,
    'tls-scan': checkFlags['tls-scan'],
    record: checkFlags.record,
    replay: checkFlags.replay,
    redact: checkFlags.redact,
    world: checkFlags.world,
    trace: checkFlags.trace,
    ...networkFlags,
  }

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(FixCommand)
    const { runFix } = await import('./fix-run.ts')
    process.exitCode = await runFix(argv as string[], flags)
  }
}
