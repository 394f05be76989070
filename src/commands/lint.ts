import { string } from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { boolean, string as text } from '@oclif/core/flags'
import { outputFlags } from './flags.ts'
import { Output, outputColour, outputWidth } from './output.ts'
import { UsageError } from './usage-error.ts'

export default class LintCommand extends Command {
  static override summary = 'Say whether receivers will use a record, before it is published.'
  static override description = 'Kinds: spf, dkim, dmarc, mta-sts, mta-sts-policy, tls-rpt, tlsa, bimi, dkim-signature. ' +
    'A record is its text, or its strings in quotation marks as a zone file has them. ' +
    'Exit status 1 when it is not valid. With --batch: a line {"id","type","record"} in, a line {"id","valid","problems"} out.'
  static override usage = ['KIND RECORD', 'KIND -', '--batch [FILE]']
  static override examples = [
    'mailcheck lint spf "v=spf1 ip4:192.0.2.0/24 -all"', 'mailcheck lint mta-sts-policy - < mta-sts.txt', 'mailcheck lint --batch < records.jsonl',
  ]
  static override args = {
    kind: string({ description: 'what the record is', ignoreStdin: true }),
    record: string({ description: 'the record, or - for stdin', ignoreStdin: true }),
  }
  static override flags = {
    format: text({ options: ['text', 'json'], description: 'how to print the answer (default: text)' }),
    json: boolean({ description: 'short for --format json' }),
    batch: boolean({ description: 'lint every line of a file of JSON objects, or of stdin' }),
    ...outputFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(LintCommand)
    if (flags.json && flags.format === 'text') throw new UsageError('--json means --format json, and --format text contradicts it')
    const [{ isLintKind, lint, lintKinds }, { lintAnswer, renderLint }, { stringify }] = await Promise.all([
      import('../syntax/lint.ts'), import('../report/lint.ts'), import('../report/json.ts'),
    ])
    const output = new Output()
    if (flags.batch) {
      if (args.record !== undefined) throw new UsageError('--batch takes one file, and reads the kinds and records from it')
      const { BatchError, batchInput, runBatch } = await import('./batch.ts')
      const clean = await runBatch(batchInput(args.kind), line => output.write(line), batchCase => {
        const kind = batchCase.text('type')
        if (!isLintKind(kind)) throw new BatchError('unknown-type', `the types are ${lintKinds.join(', ')}`)
        return lintAnswer(lint(kind, batchCase.octets('record')))
      })
      process.exitCode = clean ? 0 : 2
      return
    }
    const [{ recordFromArgument, recordFromStdin }, { nearest }] = await Promise.all([import('./record-text.ts'), import('../syntax/nearest.ts')])
    if (args.kind === undefined) throw new UsageError(`say what the record is: mailcheck lint KIND RECORD. Kinds: ${lintKinds.join(', ')}`)
    const kind = args.kind.toLowerCase()
    if (!isLintKind(kind)) {
      const meant = nearest(kind, lintKinds)
      throw new UsageError(`there is no kind "${args.kind.slice(0, 63)}"${meant === undefined ? '.' : `; did you mean "${meant}"?`} Kinds: ${lintKinds.join(', ')}`)
    }
    if (args.record === undefined) throw new UsageError(`give the record in quotation marks, or - to read it: mailcheck lint ${kind} RECORD`)
    const record = args.record === '-' ? await recordFromStdin(kind) : recordFromArgument(kind, args.record)
    const result = lint(kind, record)
    await output.write(flags.json || flags.format === 'json' ? `${stringify({ type: kind, ...lintAnswer(result) }, 2)}\n`
      : renderLint(record, result, { width: outputWidth(), colour: outputColour(flags.color) }))
    process.exitCode = result.valid ? 0 : 1
  }
}
