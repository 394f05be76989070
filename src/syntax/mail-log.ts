/** A line of a log, whichever program wrote it: what Postfix, Dovecot and Exim say, and how much else there is. */
import { isDovecot, readDovecot } from './log-dovecot.ts'
import type { LogEvent } from './log-event.ts'
import { isExim, readExim } from './log-exim.ts'
import type { LogFrame } from './log-frame.ts'
import { postfixDaemon, readPostfix } from './log-postfix.ts'

export const logPrograms = ['postfix', 'dovecot', 'exim', 'other'] as const
export type LogProgram = (typeof logPrograms)[number]

export interface ReadLine {
  readonly program: LogProgram
  /** Null for a line of no known form. */
  readonly event: LogEvent | null
}

const strange: ReadLine = { program: 'other', event: null }

/** Never throws, and takes time in proportion to the length of the text. */
export function readLogEvent({ program, text }: LogFrame): ReadLine {
  const daemon = postfixDaemon(program)
  if (daemon !== null) return { program: 'postfix', event: readPostfix(daemon, text) }
  if (isDovecot(program)) return { program: 'dovecot', event: readDovecot(text) }
  if (isExim(program)) return { program: 'exim', event: readExim(text) }
  return strange
}
