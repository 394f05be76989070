import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { dnsFlags } from '../dns-network.ts'
import { outputFlags } from '../flags.ts'

export default class DmarcEvalCommand extends Command {
  static override summary = 'Evaluate DMARC for one message, as its receiver does: the result, the policy that applies, and what is aligned.'
  static override description = 'By RFC 9989; where receivers that still follow RFC 7489 decide otherwise, that is said beside it. ' +
    'SPF counts for the domain of MAIL FROM, DKIM for the d tag of a signature, and only what passed. ' +
    'Exit status 0 whenever an evaluation was made, whatever its result. ' +
    'With --batch: a line {"id","from","zone","spf":{"domain","result"}|null,"dkim":[{"domain","result"}]} in, ' +
    'a line {"id","result","policy","orgDomain","policyDomain","alignment","queries"} out; ' +
    'zone is the path of a file as for --dns-file, which stands in where a case names none.'
  static override usage = ['--from ADDRESS [--spf DOMAIN=RESULT] [--dkim DOMAIN=RESULT]... [FLAGS]', '--batch [FILE] [FLAGS]']
  static override examples = [
    'mailcheck dmarc eval --from user@example.com --spf bounce.example.com=pass',
    'mailcheck dmarc eval --from user@example.com --dkim example.com=pass --dkim esp.example=pass --dns-file zone.yaml --format json',
    'mailcheck dmarc eval --batch < cases.jsonl',
  ]
  static override args = { file: string({ description: 'with --batch: the file to read in place of stdin', ignoreStdin: true }) }
  static override flags = {
    from: text({ helpValue: 'ADDRESS', description: 'what stands in the From field, or its domain' }),
    spf: text({ helpValue: 'DOMAIN=RESULT', description: 'the domain of MAIL FROM, and the result of SPF for it (pass, fail, temperror, …)' }),
    dkim: text({
      multiple: true, multipleNonGreedy: true, helpValue: 'DOMAIN=RESULT', description: 'the d tag of a DKIM signature, and the result of its verification',
    }),
    batch: boolean({ description: 'evaluate every line of a file of JSON objects, or of stdin' }),
    format: text({ options: ['text', 'json'], description: 'how to print the evaluation (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    ...dnsFlags,
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DmarcEvalCommand)
    const { runDmarcBatch, runDmarcEval } = await import('./eval-run.ts')
    process.exitCode = await (flags.batch ? runDmarcBatch(args.file, flags) : runDmarcEval(args.file, flags))
  }
}
