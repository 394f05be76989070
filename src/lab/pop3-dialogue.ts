/**
 * The server's side of POP3 (RFC 1939, RFC 2449, RFC 2595) up to the login, and behind it an empty maildrop: capabilities,
 * STLS, STAT and UIDL.
 */
import { mechanismsOffered, offering, say, sayAndClose, type Behaviour, type Dialogue, type Turn } from './dialogue.ts'
import { fromBase64, knows, saslServer, toBase64, type SaslServer } from './sasl-server.ts'

export function pop3Dialogue(behaviour: Behaviour): Dialogue {
  return new Pop3Dialogue(behaviour)
}

class Pop3Dialogue implements Dialogue {
  readonly #behaviour: Behaviour
  #secure: boolean
  #user: string | null = null
  #exchange: SaslServer | null = null
  #owner: string | null = null

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour
    this.#secure = behaviour.implicit
  }

  greet(): Turn {
    const lines = this.#behaviour.greeting ?? [`+OK ${this.#behaviour.host} POP3 ready`]
    return lines[0]?.startsWith('-ERR') ? { lines, then: 'close' } : { lines }
  }

  secured(): void {
    this.#secure = true
    this.#user = null
  }

  answer(line: string): Turn {
    if (this.#exchange) {
      if (line !== '*') return this.#converse(this.#exchange, fromBase64(line))
      this.#exchange = null
      return say('-ERR Authentication cancelled')
    }
    const [word = '', ...rest] = line.split(' ')
    const verb = word.toUpperCase()
    const ordained = this.#behaviour.replies[verb]
    if (ordained) {
      if (verb === 'STLS' && ordained[0]?.startsWith('+OK')) return { lines: ordained, then: 'starttls' }
      return verb === 'QUIT' ? { lines: ordained, then: 'close' } : { lines: ordained }
    }
    const user = this.#user
    this.#user = null // RFC 1939 §7: PASS counts only right after a successful USER
    switch (verb) {
      case 'CAPA': return multiline('+OK Capability list follows', this.#offers) // RFC 2449 §5
      case 'STLS': return this.#startTls(rest)
      case 'USER': return this.#userName(rest.join(' '))
      case 'PASS': return user === null ? say('-ERR Send USER first') : this.#admit(knows(this.#behaviour, user, rest.join(' ')) ? user : null)
      case 'APOP': return say('-ERR APOP is not offered')
      case 'AUTH': return this.#authenticate(rest)
      case 'STAT': return this.#owner === null ? say('-ERR Log in first') : say('+OK 0 0')
      case 'UIDL': return this.#owner === null ? say('-ERR Log in first') : rest.length > 0 ? say('-ERR No such message') : multiline('+OK', [])
      case 'QUIT': return sayAndClose(`+OK ${this.#behaviour.host} signing off`)
      default: return say('-ERR Unknown command, or not in this state')
    }
  }

  get #offers(): readonly string[] {
    if (this.#owner !== null) return this.#behaviour.offersAfterLogin
    return this.#secure ? this.#behaviour.offersOverTls : this.#behaviour.offers
  }

  #startTls(rest: readonly string[]): Turn {
    if (this.#secure) return say('-ERR Command not permitted when TLS active') // RFC 2595 §4
    if (!offering(this.#behaviour.offers, 'STLS') || rest.length > 0) return say('-ERR STLS is not offered so')
    return { lines: ['+OK Begin TLS negotiation'], then: 'starttls' }
  }

  #userName(name: string): Turn {
    if (!offering(this.#offers, 'USER')) return say('-ERR USER is not offered now')
    if (name === '') return say('-ERR Name a mailbox')
    this.#user = name
    return say('+OK Send the password')
  }

  #authenticate([mechanism, initial]: readonly string[]): Turn {
    const mechanisms = mechanismsOffered(this.#offers)
    if (mechanism === undefined) return mechanisms.length > 0 ? multiline('+OK', mechanisms) : say('-ERR AUTH is not offered now')
    const exchange = mechanisms.includes(mechanism.toUpperCase()) ? saslServer(mechanism.toUpperCase(), this.#behaviour) : null
    if (!exchange) return say('-ERR Mechanism is not offered')
    return this.#converse(exchange, initial === undefined ? null : fromBase64(initial)) // RFC 5034 §4
  }

  #converse(exchange: SaslServer, response: string | null): Turn {
    const turn = exchange.take(response)
    this.#exchange = 'challenge' in turn ? exchange : null
    return 'challenge' in turn ? say(`+ ${toBase64(turn.challenge)}`) : this.#admit(turn.user)
  }

  #admit(user: string | null): Turn {
    this.#owner = user
    return say(user === null ? '-ERR [AUTH] Authentication failed' : '+OK Logged in, no messages')
  }
}

/** RFC 1939 §3: ends with a lone dot; a line that begins with one gets another. */
function multiline(status: string, lines: readonly string[]): Turn {
  return say(status, ...lines.map(line => line.startsWith('.') ? `.${line}` : line), '.')
}
