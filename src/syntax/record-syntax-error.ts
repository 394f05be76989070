/** A record's text cannot be read: what is wrong, and where (line and column from 1). */
export class RecordSyntaxError extends Error {
  readonly line: number
  readonly column: number

  constructor(message: string, column: number, line = 1) {
    // A hostile text makes tens of thousands of these. None is a bug, so nobody looks at a stack, and it costs ten times the rest.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'RecordSyntaxError'
    this.line = line
    this.column = column
  }
}
