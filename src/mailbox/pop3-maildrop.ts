/**
 * An account over POP3 (RFC 1939): what lies in the maildrop when one comes, its sizes and unique ids, headers and messages in
 * bounded form, and one message removed. What arrives later is seen only by the next visit.
 */
import type { Network } from '../network/network.ts'
import type { LineSession } from '../protocols/line-session.ts'
import { multilineData, pop3Capabilities, pop3Policy } from '../syntax/pop3.ts'
import { granted, Refusal, visit, type Door, type Visit } from './visit.ts'

export interface MaildropEntry {
  /** In this session alone. */
  readonly number: number
  /** Octets. */
  readonly size: number
  /** In all sessions the same (RFC 1939 §7); null when the server knows no UIDL. */
  readonly uid: string | null
}

/** Logs in, hands the maildrop to `work`, and leaves so that what was removed is removed. */
export function visitPop3(network: Network, door: Door, work: (maildrop: Pop3Maildrop) => Promise<void>): Promise<Visit> {
  return visit(network, door, async session => {
    const maildrop = new Pop3Maildrop(session, pop3Capabilities(await session.command('CAPA')))
    await work(maildrop)
    // only a QUIT that is answered has removed anything (§6)
    if (!maildrop.changed) return
    const reply = await session.part()
    if (!session.dialect.agrees(reply)) throw new Refusal('QUIT', reply)
  })
}

export class Pop3Maildrop {
  readonly #session: LineSession
  readonly #offered: ReturnType<typeof pop3Capabilities>
  #changed = false

  constructor(session: LineSession, offered: ReturnType<typeof pop3Capabilities>) {
    this.#session = session
    this.#offered = offered
  }

  /** Something was marked for removal. */
  get changed(): boolean {
    return this.#changed
  }

  /** Seconds that the server wants between two visits (RFC 2449 §6.5). */
  get loginDelay(): number {
    const delay = pop3Policy(this.#offered.get('LOGIN-DELAY'))?.value
    return typeof delay === 'number' ? delay : 0
  }

  /** The newest last. */
  async list(): Promise<MaildropEntry[]> {
    const numbered = (lines: readonly string[]): Map<number, string> => new Map(multilineData(lines).flatMap((line): [number, string][] => {
      const [, number, rest] = /^(\d{1,9}) (\S+)/.exec(line) ?? []
      return number === undefined || rest === undefined ? [] : [[Number(number), rest]]
    }))
    const sizes = numbered(await granted(this.#session, 'LIST'))
    const reply = await this.#session.command('UIDL')
    const uids = this.#session.dialect.agrees(reply) ? numbered(reply) : new Map<number, string>()
    return [...sizes].flatMap(([number, size]) => /^\d{1,15}$/.test(size) ? [{ number, size: Number(size), uid: uids.get(number) ?? null }] : [])
      .toSorted((a, b) => a.number - b.number)
  }

  /** The header of a message, one character an octet. */
  async header(number: number): Promise<string> {
    if (this.#offered.has('TOP') || this.#offered.size === 0) {
      const reply = await this.#session.command(`TOP ${number} 0`)
      if (this.#session.dialect.agrees(reply)) return textOf(reply)
    }
    const whole = textOf(await granted(this.#session, `RETR ${number}`))
    const end = whole.indexOf('\r\n\r\n')
    return end < 0 ? whole : whole.slice(0, end + 2)
  }

  /** The whole message; ask only for one whose size can be borne. @throws Refusal */
  async message(number: number): Promise<string> {
    return textOf(await granted(this.#session, `RETR ${number}`))
  }

  /** Marks it; it is gone when the visit ends. @throws Refusal */
  async remove(number: number): Promise<void> {
    await granted(this.#session, `DELE ${number}`)
    this.#changed = true
  }
}

function textOf(reply: readonly string[]): string {
  return multilineData(reply).map(line => `${line}\r\n`).join('')
}
