/** Ctrl-C ends the run, not the report: what is known is printed. A second one, or a second of waiting, ends the process. */
export class Interruption {
  readonly #controller = new AbortController()
  /** The user asked for it. */
  byUser = false

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (this.byUser) process.exit(130)
        this.byUser = true
        this.stop()
        setTimeout(() => process.exit(130), patience).unref()
      })
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  stop(): void {
    this.#controller.abort()
  }
}

/** Milliseconds to print what is known. */
const patience = 900
