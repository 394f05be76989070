/** A record's text cannot be read: what is wrong, and where (line and column from 1). */
export class RecordSyntaxError extends Error {
  readonly line: number
  readonly column: number

  constructor(message: string, column: number, line = 1) {
    super(message)
    this.name = 'RecordSyntaxError'
    this.line = line
    this.column = column
  }
}
