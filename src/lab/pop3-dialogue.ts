/**
 * The server's side of POP3 (RFC 1939, RFC 2449, RFC 2595) up to the login, and behind it the maildrop as it was at the login.
 */
import { mechanismsOffered, offering, say, sayAndClose, type Behaviour, type Dialogue, type Turn } from './dialogue.ts'
import type { Mailbox, StoredMessage } from './mailboxes.ts'
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
  #mailbox: Mailbox | null = null
  #drop: readonly StoredMessage[] = []
  readonly #gone = new Set<StoredMessage>()

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
      case 'QUIT': return this.#quit()
      default: return this.#owner === null ? say(verb === 'STAT' || verb === 'UIDL' ? '-ERR Log in first' : '-ERR Unknown command, or not in this state') : this.#inMaildrop(verb, rest)
    }
  }

  #inMaildrop(verb: string, rest: readonly string[]): Turn {
    const there = this.#drop.map((message, i) => ({ number: i + 1, message })).filter(({ message }) => !this.#gone.has(message))
    const one = there.find(({ number }) => String(number) === rest[0])
    const listing = (of: (message: StoredMessage) => string | number): Turn => {
      if (rest.length === 0) return multiline('+OK', there.map(({ number, message }) => `${number} ${of(message)}`))
      return one ? say(`+OK ${one.number} ${of(one.message)}`) : say('-ERR No such message')
    }
    switch (verb) {
      case 'STAT': return say(`+OK ${there.length} ${there.reduce((sum, { message }) => sum + message.octets.length, 0)}`)
      case 'LIST': return listing(({ octets }) => octets.length)
      case 'UIDL': return listing(({ uid }) => `lab${uid}`)
      case 'NOOP': return say('+OK')
      case 'RSET': this.#gone.clear(); return say('+OK')
    }
    if (!['RETR', 'TOP', 'DELE'].includes(verb)) return say('-ERR Unknown command, or not in this state')
    if (!one) return say('-ERR No such message')
    const lines = one.message.octets.replace(/\r\n$/, '').split('\r\n')
    if (verb === 'RETR') return multiline('+OK', lines)
    if (verb === 'TOP') return multiline('+OK', lines.slice(0, lines.indexOf('') + 1 + Number(rest[1] ?? 0)))
    this.#gone.add(one.message)
    return say('+OK Marked')
  }

  /** RFC 1939 §6: only now is anything removed. */
  #quit(): Turn {
    const inbox = this.#mailbox?.folder('INBOX')
    if (inbox) this.#mailbox?.remove(inbox, message => this.#gone.has(message))
    return sayAndClose(`+OK ${this.#behaviour.host} signing off`)
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
    if (user === null) return say('-ERR [AUTH] Authentication failed')
    this.#mailbox = this.#behaviour.mail.of(user)
    this.#drop = this.#mailbox.folder('INBOX')?.messages ?? []
    return say(`+OK Logged in, ${this.#drop.length === 0 ? 'no' : this.#drop.length} messages`)
  }
}

/** RFC 1939 §3: ends with a lone dot; a line that begins with one gets another. */
function multiline(status: string, lines: readonly string[]): Turn {
  return say(status, ...lines.map(line => line.startsWith('.') ? `.${line}` : line), '.')
}
