import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { dnsFlags } from '../dns-network.ts'
import { outputFlags } from '../flags.ts'

export default class SpfEvalCommand extends Command {
  static override summary = 'Evaluate SPF for one message, as its receiver does: the result, and every step that leads to it.'
  static override description = 'Exit status 0 whenever an evaluation was made, whatever its result. ' +
    'With --batch: a line {"id","ip","helo","sender","zone"} in, a line {"id","result","explanation","lookups","void","matched"} out; ' +
    'zone is the path of a file as for --dns-file, which stands in where a case names none.'
  static override usage = ['--ip ADDRESS --sender ADDRESS --helo NAME [FLAGS]', '--batch [FILE] [FLAGS]']
  static override examples = [
    'mailcheck spf eval --ip 192.0.2.10 --sender user@example.com --helo mail.example.com',
    'mailcheck spf eval --ip 2001:db8::25 --sender "" --helo mail.example.com --dns-file zone.yaml --format json',
    'mailcheck spf eval --batch < cases.jsonl',
  ]
  static override args = { file: string({ description: 'with --batch: the file to read in place of stdin', ignoreStdin: true }) }
  static override flags = {
    ip: text({ helpValue: 'ADDRESS', description: 'the client’s address, IPv4 or IPv6' }),
    sender: text({ helpValue: 'ADDRESS', description: 'the address in MAIL FROM; "" for the null sender, who is postmaster at the HELO name' }),
    helo: text({ helpValue: 'NAME', description: 'what the client said in HELO or EHLO' }),
    domain: text({ helpValue: 'DOMAIN', description: 'begin with this domain’s record (default: the sender’s)' }),
    batch: boolean({ description: 'evaluate every line of a file of JSON objects, or of stdin' }),
    format: text({ options: ['text', 'json'], description: 'how to print the evaluation (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    ...dnsFlags,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SpfEvalCommand)
    const { runSpfBatch, runSpfEval } = await import('./eval-run.ts')
    process.exitCode = await (flags.batch ? runSpfBatch(args.file, flags) : runSpfEval(args.file, flags))
  }
}
