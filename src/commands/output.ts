/** Where commands write to: stdout for what was asked for, stderr for everything else. */
import { harmless } from '../report/visible.ts'

/** One line to stderr, marked as ours. */
export function tell(message: string): void {
  process.stderr.write(`${message.split('\n').map(line => `mailcheck: ${harmless(line)}`).join('\n')}\n`)
}

/** A terminal's width, or 80 columns for everything else, so that what is piped does not depend on the window. */
export function outputWidth(): number {
  return process.stdout.isTTY ? Math.max(40, process.stdout.columns) : 80
}

/** Colours are for terminals, unless the user says otherwise (https://no-color.org). */
export function outputColour(flag: boolean | undefined): boolean {
  if (flag !== undefined) return flag
  return process.stdout.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
}

/** Stdout as long as somebody reads it. */
export class Output {
  #closed = false

  /** `onClosed` is called when the reader goes away (`| head`). */
  constructor(onClosed: () => void = () => undefined) {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (!this.#closed) onClosed()
      this.#closed = true
    })
  }

  /** Settles when the text has left us; after the reader is gone, at once. */
  write(text: string): Promise<void> {
    if (this.#closed || text === '') return Promise.resolve()
    return new Promise(resolve => {
      process.stdout.write(text, () => resolve())
    })
  }
}
