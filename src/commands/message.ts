import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { dnsFlags } from './dns-network.ts'
import { checkFlags, outputFlags } from './flags.ts'

export default class MessageCommand extends Command {
  static override summary = 'Judge a received message as its receiver does: SPF, DKIM, ARC, DMARC, its header, and the way it came.'
  static override description = 'Who handed the message over is read from the first Received field with a client from outside, and from Return-Path; ' +
    '--ip, --helo and --mail-from say otherwise. ' +
    'Exit status 1 when a check fails at the severity of --fail-on, as with mailcheck check. ' +
    'With --batch: a line {"id","message"(base64),"dns","now"} in, a line {"id","spf","dkim":[{"domain","selector","result","why"}],"arc","dmarc"} out; ' +
    'dns is the path of a file as for --dns-file, or such data itself; ip, helo and mailFrom may stand beside it.'
  static override usage = ['FILE|- [FLAGS]', '--batch [FILE] [FLAGS]']
  static override examples = [
    'mailcheck message mail.eml',
    'mailcheck message - --ip 192.0.2.10 --helo mx.example.com --mail-from bounce@example.com < mail.eml',
    'mailcheck message mail.eml --dns-file zone.yaml --now 2026-11-23T10:00:00Z --json',
    'mailcheck message --batch < cases.jsonl',
  ]
  static override args = { file: string({ description: 'the message, as a file of its own; - for stdin', ignoreStdin: true }) }
  static override flags = {
    ip: text({ helpValue: 'IP', description: 'the address of the client that handed it over' }),
    helo: text({ helpValue: 'NAME', description: 'what the client called itself in HELO or EHLO' }),
    'mail-from': text({ helpValue: 'ADDRESS', description: 'the sender in MAIL FROM; "" for the null sender' }),
    now: text({ helpValue: 'TIME', description: 'judge as of this time, such as 2026-11-23T10:00:00Z' }),
    bulk: boolean({ description: 'the sender is a bulk sender' }),
    batch: boolean({ description: 'judge every line of a file of JSON objects, or of stdin' }),
    'fail-on': checkFlags['fail-on'],
    strict: checkFlags.strict,
    format: text({ options: ['text', 'json'], description: 'how to print the verdict (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    ...dnsFlags,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(MessageCommand)
    const { runMessage, runMessageBatch } = await import('./message-run.ts')
    process.exitCode = await (flags.batch ? runMessageBatch(args.file, flags) : runMessage(args.file, flags))
  }
}
