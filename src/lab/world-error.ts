/** A world that cannot be served as it is written; says where, and what is wrong there. */
export class WorldError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'WorldError'
  }
}
