import { Command } from '@oclif/core/command'
import { checkFlags, type CheckFlags } from './flags.ts'

/** One in perfect order, one with a dozen faults, one parked: each the name of a world and of its domain. */
const shown = ['good', 'faulty', 'parked']

export default class DemoCommand extends Command {
  static override summary = 'Check three domains of a small mail world on this computer: one in order, one full of faults, one parked.'
  static override description = 'Real DNS, SMTP, IMAP, POP3 and HTTPS servers with real TLS are started on loopback for as long as it takes, and a message is sent from one mailbox of theirs to itself; nothing else is asked.'
  static override examples = ['mailcheck demo', 'mailcheck demo --json', 'mailcheck demo --trace']
  static override flags = {
    format: checkFlags.format,
    json: checkFlags.json,
    trace: checkFlags.trace,
    quiet: checkFlags.quiet,
    color: checkFlags.color,
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(DemoCommand)
    const { checkInWorld } = await import('./in-world.ts')
    const { tell } = await import('./output.ts')
    const status = await checkInWorld(shown.map(name => `${name}.example`), { ...untouched, ...flags }, null, ...shown)
    if (status === 0 && !flags.quiet && !flags.json && (flags.format ?? 'text') === 'text') {
      const [{ deliverInWorld }, { Output }] = await Promise.all([import('./deliver-run.ts'), import('./output.ts')])
      await new Output().write(`\n${'─'.repeat(60)}\nA message from a mailbox of good.example to itself, seen through (mailcheck deliver):\n\n`)
      await deliverInWorld('good', { ...letter, trace: flags.trace, color: flags.color })
    }
    if (status === 0 && !flags.quiet) tell('the world of this demo has more domains; try: mailcheck smtp-no-starttls.example --world')
    process.exitCode = status
  }
}

const letter = { from: 'anna@good.example', to: ['anna@good.example'], ehlo: 'laptop.good.example', timeout: 60, keep: false, json: false, strict: false, world: true, quiet: true, ipv4: false, ipv6: false }

/** A demonstration has not failed because it shows failures, and does not depend on where it is called. */
const untouched: CheckFlags = {
  'fail-on': 'never', config: undefined, deadline: 60, vantage: ['none'], world: true,
  json: false, strict: false, trace: false, quiet: false, ipv4: false, ipv6: false, 'trust-ad': false,
  own: false, login: false, 'tls-scan': false, lists: false, 'third-parties': false, bulk: false,
}
