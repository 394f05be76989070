/** Evidence from a message: the field, unfolded, and the line of the file at which it begins. */
import type { HeaderField } from '../syntax/message.ts'
import type { Evidence } from './define.ts'

export function fieldSeen({ raw, line }: HeaderField): Evidence {
  return lineSeen(line, raw.slice(0, 2000).replace(/\r\n[ \t]+/g, ' '))
}

export function lineSeen(line: number, text: string): Evidence {
  return { from: 'session', endpoint: `message, line ${line}`, line: text }
}
