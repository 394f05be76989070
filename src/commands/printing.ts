/** Prints reports to all their destinations, one by one and in order, as they come. */
import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { WholeFile, type Destination } from './destinations.ts'
import { fileError } from './file-error.ts'
import { outputColour, outputWidth, tell, type Output } from './output.ts'
import type { Format } from './formats.ts'
import type { Reporter } from './reporter.ts'

export interface PrintOptions<T> {
  /** What the user said of colours. */
  readonly colour: boolean | undefined
  readonly make: (format: Format, paper: { readonly colour: boolean; readonly width: number }) => Promise<Reporter<T>>
  /** In place of what goes to stdout. */
  readonly printed?: Reporter<T> | undefined
}

interface Target<T> {
  readonly reporter: Reporter<T>
  readonly write: (text: string) => Promise<void> | void
  readonly finish: () => void
}

/** A step of a workflow holds so many octets of summary; GitHub refuses one that is longer as a whole. */
const mostSummary = 1_000_000

export class Printing<T> {
  readonly #targets: readonly Target<T>[]

  private constructor(targets: readonly Target<T>[]) {
    this.#targets = targets
  }

  /** Throws `UsageError` for a file that cannot be written, and leaves none behind. */
  static async open<T>(destinations: readonly Destination[], output: Output, { colour, make, printed }: PrintOptions<T>): Promise<Printing<T>> {
    const files: WholeFile[] = []
    const targets: Target<T>[] = []
    try {
      for (const { format, file } of destinations) {
        if (file === null) {
          const own = printed ?? await make(format, { colour: outputColour(colour), width: outputWidth() })
          const fenced = printed || !['text', 'markdown'].includes(format) ? own : outOfReach(own)
          targets.push({ reporter: fenced, write: text => output.write(text), finish: () => undefined })
        } else {
          const own = await make(format, { colour: colour ?? false, width: 80 })
          const whole = new WholeFile(file)
          files.push(whole)
          targets.push({ reporter: own, write: text => whole.write(text), finish: () => whole.finish() })
        }
      }
      const summary = process.env['GITHUB_STEP_SUMMARY']
      if (summary && !printed && destinations.some(({ format }) => format === 'github')) targets.push(await jobSummary(summary, make))
    } catch (error) {
      for (const file of files) file.abandon()
      throw error
    }
    const printing = new Printing(targets)
    for (const target of targets) await target.write(target.reporter.open)
    return printing
  }

  async report(report: T): Promise<void> {
    for (const target of this.#targets) await target.write(target.reporter.report(report))
  }

  async close(): Promise<void> {
    for (const target of this.#targets) {
      await target.write(target.reporter.close)
      target.finish()
    }
  }
}

/**
 * GitHub's runner obeys lines of a log that look like its commands, and ours hold text from the network: between these two
 * lines it obeys nothing, because nobody out there can guess the word that ends it.
 */
function outOfReach<T>(inner: Reporter<T>): Reporter<T> {
  if (process.env['GITHUB_ACTIONS'] !== 'true') return inner
  const word = randomUUID()
  return { open: `::stop-commands::${word}\n${inner.open}`, report: inner.report, get close() { return `${inner.close}::${word}::\n` } }
}

/** Appended, because other steps of the job write there too; that it cannot be written is told, and no reason to fail. */
async function jobSummary<T>(file: string, make: PrintOptions<T>['make']): Promise<Target<T>> {
  let text = ''
  return {
    reporter: await make('markdown', { colour: false, width: 80 }),
    write: piece => {
      if (text.length + piece.length < mostSummary) text += piece
    },
    finish: () => {
      try {
        appendFileSync(file, text)
      } catch (error) {
        tell(`the job summary (GITHUB_STEP_SUMMARY) cannot be written: ${fileError(error)}`)
      }
    },
  }
}
