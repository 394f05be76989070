/**
 * The server's side of IMAP (RFC 9051) as far as the not-authenticated state goes: capabilities, STARTTLS, and every
 * login refused.
 */
import { mechanismsOffered, offering, say, sayAndClose, type Behaviour, type Dialogue, type Turn } from './dialogue.ts'

export function imapDialogue(behaviour: Behaviour): Dialogue {
  return new ImapDialogue(behaviour)
}

class ImapDialogue implements Dialogue {
  readonly #behaviour: Behaviour
  #secure: boolean
  /** The tag of an AUTHENTICATE that waits for the client’s response. */
  #authenticating: string | null = null
  /** The beginning of a command whose literal is still to come (RFC 9051 §4.3). */
  #begun = ''

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour
    this.#secure = behaviour.implicit
  }

  greet(): Turn {
    const lines = this.#behaviour.greeting ?? [`* OK [CAPABILITY ${this.#offers.join(' ')}] ${this.#behaviour.host} ready`]
    return /^\* BYE\b/i.test(lines[0] ?? '') ? { lines, then: 'close' } : { lines } // RFC 9051 §7.1.5
  }

  secured(): void {
    this.#secure = true
  }

  answer(line: string): Turn {
    if (this.#authenticating !== null) {
      const tag = this.#authenticating
      this.#authenticating = null
      return say(line === '*' ? `${tag} BAD Authentication cancelled` : `${tag} NO [AUTHENTICATIONFAILED] Authentication failed`)
    }
    const [literal, nonSynchronizing] = /\{\d{1,9}(\+?)\}$/.exec(line) ?? []
    if (literal !== undefined) {
      this.#begun += line.slice(0, -literal.length)
      return nonSynchronizing === '+' ? say() : say('+ Ready for the literal')
    }
    const whole = this.#begun + line
    this.#begun = ''
    const [, tag, word = '', rest = ''] = /^([^\s(){%*"\\+]+) ([A-Za-z]+)(?: (.*))?$/s.exec(whole) ?? []
    if (tag === undefined) return say('* BAD Not a tag and a command') // §7.1.3: untagged, for no tag can be told
    const verb = word.toUpperCase()
    const ordained = this.#behaviour.replies[verb]
    if (ordained) return ordain(tag, verb, ordained)
    switch (verb) {
      case 'CAPABILITY': return say(`* CAPABILITY ${this.#offers.join(' ')}`, `${tag} OK CAPABILITY completed`)
      case 'NOOP': return say(`${tag} OK NOOP completed`)
      case 'LOGOUT': return sayAndClose(`* BYE ${this.#behaviour.host} logging out`, `${tag} OK LOGOUT completed`)
      case 'ID': return offering(this.#offers, 'ID')
        ? say('* ID NIL', `${tag} OK ID completed`)
        : say(`${tag} BAD Unknown command`)
      case 'STARTTLS': return this.#startTls(tag, rest)
      case 'LOGIN': return offering(this.#offers, 'LOGINDISABLED')
        ? say(`${tag} NO [PRIVACYREQUIRED] Logins need TLS`)
        : say(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed`)
      case 'AUTHENTICATE': return this.#authenticate(tag, rest)
      default: return say(`${tag} BAD Unknown command, or not in this state`)
    }
  }

  get #offers(): readonly string[] {
    return this.#secure ? this.#behaviour.offersOverTls : this.#behaviour.offers
  }

  #startTls(tag: string, rest: string): Turn {
    if (this.#secure || !offering(this.#behaviour.offers, 'STARTTLS')) return say(`${tag} BAD STARTTLS is not offered now`)
    if (rest !== '') return say(`${tag} BAD STARTTLS takes no argument`)
    return { lines: [`${tag} OK Begin TLS negotiation now`], then: 'starttls' }
  }

  #authenticate(tag: string, rest: string): Turn {
    const [mechanism = '', initial] = rest.toUpperCase().split(' ')
    if (!mechanismsOffered(this.#offers).includes(mechanism)) return say(`${tag} NO [CANNOT] Mechanism is not offered`)
    if (initial !== undefined) return say(`${tag} NO [AUTHENTICATIONFAILED] Authentication failed`) // SASL-IR, RFC 9051 §6.2.2
    this.#authenticating = tag
    return say('+ ')
  }
}

/** Lines that begin with `*` or `+` are sent as they are, the others are completed by the tag. */
function ordain(tag: string, verb: string, written: readonly string[]): Turn {
  const lines = written.map(line => /^[*+] /.test(line) ? line : `${tag} ${line}`)
  if (verb === 'STARTTLS' && /^OK\b/i.test(written.at(-1) ?? '')) return { lines, then: 'starttls' }
  return verb === 'LOGOUT' || lines.some(line => /^\* BYE\b/i.test(line)) ? { lines, then: 'close' } : { lines }
}
