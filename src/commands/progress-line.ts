/** One line on the terminal's stderr that says what is going on, and leaves no trace. */
import type { NetworkEvent } from '../network/watch.ts'
import { endpointName } from '../network/network.ts'
import { beginProgress, reduce, view, type Progress, type ProgressEvent } from '../report/progress.ts'

/** Milliseconds between two drawings. */
const pace = 100

export class ProgressLine {
  #progress: Progress
  #timer: NodeJS.Timeout | undefined
  #drawn = false
  readonly #shown: boolean

  /** `shown`: false for a run that is piped or quiet; then nothing is ever written. */
  constructor(domains: number, shown: boolean) {
    this.#progress = beginProgress(domains)
    this.#shown = shown
  }

  on(event: ProgressEvent): void {
    if (!this.#shown) return
    this.#progress = reduce(this.#progress, event)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#draw()
    }, pace).unref()
  }

  onNetwork(event: NetworkEvent): void {
    const { id, kind } = event
    if (kind === 'asked') this.on({ kind: 'asking', id, what: `${event.question.name} ${event.question.type}` })
    else if (kind === 'connecting') this.on({ kind: 'asking', id, what: endpointName(event.endpoint) })
    else if (kind === 'fetching') this.on({ kind: 'asking', id, what: event.url })
    else if (kind === 'answered' || kind === 'fetched' || kind === 'closed' || kind === 'failed') this.on({ kind: 'answered', id })
  }

  /** Takes the line away, before anything else is written; the next event brings it back. */
  clear(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#drawn) process.stderr.write('\r\u001b[K')
    this.#drawn = false
  }

  #draw(): void {
    process.stderr.write(`\r${view(this.#progress, process.stderr.columns - 1)}\u001b[K`)
    this.#drawn = true
  }
}
