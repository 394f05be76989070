/** The server's side of IMAP (RFC 9051) up to the login; what is to be had behind it is `imap-session.ts`. */
import { mechanismsOffered, offering, say, sayAndClose, type Behaviour, type Dialogue, type Turn } from './dialogue.ts'
import { ImapSession } from './imap-session.ts'
import { fromBase64, knows, saslServer, toBase64, type SaslServer } from './sasl-server.ts'

export function imapDialogue(behaviour: Behaviour): Dialogue {
  return new ImapDialogue(behaviour)
}

class ImapDialogue implements Dialogue {
  readonly #behaviour: Behaviour
  #secure: boolean
  /** An AUTHENTICATE that waits for the client’s response. */
  #authenticating: { readonly tag: string; readonly exchange: SaslServer } | null = null
  #user: string | null = null
  #session: ImapSession | null = null
  #push: (lines: readonly string[]) => void = () => undefined
  /** The beginning of a command whose literal is still to come (RFC 9051 §4.3). */
  #begun = ''

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour
    this.#secure = behaviour.implicit
  }

  attach(push: (lines: readonly string[]) => void): void {
    this.#push = push
  }

  end(): void {
    this.#session?.end()
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
      const { tag, exchange } = this.#authenticating
      if (line !== '*') return this.#exchange(tag, exchange, fromBase64(line))
      this.#authenticating = null
      return say(`${tag} BAD Authentication cancelled`)
    }
    if (this.#session?.idling) return this.#session.done(line)
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
      case 'NOOP': return say(...this.#session?.news() ?? [], `${tag} OK NOOP completed`)
      case 'LOGOUT': return sayAndClose(`* BYE ${this.#behaviour.host} logging out`, `${tag} OK LOGOUT completed`)
      case 'ID': return offering(this.#offers, 'ID')
        ? say('* ID NIL', `${tag} OK ID completed`)
        : say(`${tag} BAD Unknown command`)
      case 'STARTTLS': return this.#startTls(tag, rest)
      case 'LOGIN': return offering(this.#offers, 'LOGINDISABLED')
        ? say(`${tag} NO [PRIVACYREQUIRED] Logins need TLS`)
        : this.#logIn(tag, rest)
      case 'AUTHENTICATE': return this.#authenticate(tag, rest)
      default: return this.#session?.answer(tag, verb, rest) ?? say(`${tag} BAD Unknown command, or not in this state`)
    }
  }

  get #offers(): readonly string[] {
    if (this.#user !== null) return this.#behaviour.offersAfterLogin
    return this.#secure ? this.#behaviour.offersOverTls : this.#behaviour.offers
  }

  #startTls(tag: string, rest: string): Turn {
    if (this.#secure || !offering(this.#behaviour.offers, 'STARTTLS')) return say(`${tag} BAD STARTTLS is not offered now`)
    if (rest !== '') return say(`${tag} BAD STARTTLS takes no argument`)
    return { lines: [`${tag} OK Begin TLS negotiation now`], then: 'starttls' }
  }

  #authenticate(tag: string, rest: string): Turn {
    const [name = '', initial] = rest.split(' ')
    const mechanism = name.toUpperCase()
    const exchange = mechanismsOffered(this.#offers).includes(mechanism) ? saslServer(mechanism, this.#behaviour) : null
    if (!exchange) return say(`${tag} NO [CANNOT] Mechanism is not offered`)
    return this.#exchange(tag, exchange, initial === undefined ? null : fromBase64(initial)) // SASL-IR, RFC 9051 §6.2.2
  }

  #exchange(tag: string, exchange: SaslServer, response: string | null): Turn {
    const turn = exchange.take(response)
    this.#authenticating = 'challenge' in turn ? { tag, exchange } : null
    return 'challenge' in turn ? say(`+ ${toBase64(turn.challenge)}`) : this.#admit(tag, turn.user)
  }

  #logIn(tag: string, rest: string): Turn {
    const [, user = '', password = ''] = /^"?((?:[^"\\]|\\.)*?)"? "?((?:[^"\\]|\\.)*?)"?$/.exec(rest)?.map(part => part.replace(/\\(.)/g, '$1')) ?? []
    return this.#admit(tag, knows(this.#behaviour, user, password) ? user : null)
  }

  #admit(tag: string, user: string | null): Turn {
    this.#user = user
    this.#session = user === null ? null : new ImapSession(this.#behaviour.mail.of(user), lines => this.#push(lines))
    return say(user === null ? `${tag} NO [AUTHENTICATIONFAILED] Authentication failed` : `${tag} OK [CAPABILITY ${this.#offers.join(' ')}] Logged in`)
  }
}

/** Lines that begin with `*` or `+` are sent as they are, the others are completed by the tag. */
function ordain(tag: string, verb: string, written: readonly string[]): Turn {
  const lines = written.map(line => /^[*+] /.test(line) ? line : `${tag} ${line}`)
  if (verb === 'STARTTLS' && /^OK\b/i.test(written.at(-1) ?? '')) return { lines, then: 'starttls' }
  return verb === 'LOGOUT' || lines.some(line => /^\* BYE\b/i.test(line)) ? { lines, then: 'close' } : { lines }
}
