/**
 * The notation of fixtures/hostile: what a server says, what it waits for, and what it does to the connection, a step a line.
 * fixtures/hostile/README.md teaches it.
 */
import { unescapeText } from '../../src/network/notation.ts'

export type Step =
  | Saying
  | { readonly does: 'hear'; /** The line of the client must begin so. */ readonly start: string }
  | { readonly does: Deed }
  | { readonly does: 'alert'; readonly number: number }

export interface Saying {
  readonly does: 'say'
  readonly octets: Buffer
  /** `Infinity`: as long as somebody reads. */
  readonly times: number
  /** An octet now and then, instead of all at once. */
  readonly dripping: boolean
}

const deeds = ['hello', 'tls', 'certificate', 'clear', 'close', 'cut', 'reset'] as const
export type Deed = (typeof deeds)[number]

/** Throws for what it cannot read: a server that does something else than is written would prove nothing. */
export function parseScript(text: string): Step[] {
  return text.split('\n').filter(line => line.trim() !== '').map(line => readStep(line.trimStart()))
}

function readStep(line: string): Step {
  const [, drip, many, count, ending, words = ''] = /^S(~?)(\*(\d*))?([:|])(?: (.*))?$/.exec(line) ?? []
  if (ending !== undefined) {
    const octets = Buffer.from(unescapeText(words) + (ending === ':' ? '\r\n' : ''), 'latin1')
    return { does: 'say', octets, times: many === undefined ? 1 : count === '' ? Infinity : Number(count), dripping: drip === '~' }
  }
  const [, start] = /^C: (.+)$/.exec(line) ?? []
  if (start !== undefined) return { does: 'hear', start }
  const [, deed, number] = /^\(([a-z]+)(?: (\d+))?\)$/.exec(line) ?? []
  if (deed === 'alert' && number !== undefined) return { does: 'alert', number: Number(number) }
  const known = deeds.find(one => one === deed)
  if (known && number === undefined) return { does: known }
  throw new Error(`no step of a script: ${line}`)
}
