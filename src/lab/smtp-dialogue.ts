/**
 * The server's side of SMTP (RFC 5321) and of submission (RFC 6409): it greets, lists its extensions, upgrades to TLS,
 * lets in its users, accepts or refuses recipients, and takes messages from those alone who have logged in.
 */
import { mechanismsOffered, offering, say, sayAndClose, type Behaviour, type Dialogue, type Turn } from './dialogue.ts'
import { fromBase64, saslServer, toBase64, type SaslServer } from './sasl-server.ts'

export function smtpDialogue(behaviour: Behaviour): Dialogue {
  return new SmtpDialogue(behaviour)
}

class SmtpDialogue implements Dialogue {
  readonly #behaviour: Behaviour
  #secure: boolean
  #rejecting = false
  #hello: 'none' | 'helo' | 'ehlo' = 'none'
  #sender: string | null = null
  #recipients: string[] = []
  #helo = ''
  #envelopeName: string | null = null
  /** The lines of a message under way. */
  #message: string[] | null = null
  /** An AUTH exchange that waits for the client’s response. */
  #exchange: SaslServer | null = null
  #user: string | null = null

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour
    this.#secure = behaviour.implicit
  }

  greet(): Turn {
    const lines = this.#behaviour.greeting ?? [`220 ${this.#behaviour.host} ESMTP`]
    const code = lines[0]?.slice(0, 3)
    if (code === '421') return { lines, then: 'close' } // RFC 5321 §3.8
    this.#rejecting = code === '554' // §3.1: then everything but QUIT is out of sequence
    return { lines }
  }

  secured(): void {
    this.#secure = true
    this.#hello = 'none'
    this.#reset()
  }

  answer(line: string): Turn {
    if (this.#message) return this.#takeLine(this.#message, line)
    if (this.#exchange) return this.#authenticate(line)
    const [, word = '', rest = ''] = /^([A-Za-z]+) *(.*)$/s.exec(line) ?? []
    const verb = word.toUpperCase()
    if (this.#rejecting && verb !== 'QUIT') return say('503 5.5.1 Bad sequence of commands')
    const ordained = this.#behaviour.replies[verb]
    if (ordained) return this.#ordained(verb, ordained)
    switch (verb) {
      case 'EHLO': return this.#greeted('ehlo', rest)
      case 'HELO': return this.#greeted('helo', rest)
      case 'STARTTLS': return this.#startTls(rest)
      case 'AUTH': return this.#startAuth(rest)
      case 'MAIL': return this.#mail(rest)
      case 'RCPT': return this.#rcpt(rest)
      case 'DATA': return this.#data()
      case 'RSET': this.#reset(); return say('250 2.0.0 Ok')
      case 'NOOP': return say('250 2.0.0 Ok')
      case 'VRFY': return say('252 2.1.5 Send some mail, I will try my best') // RFC 5321 §3.5.3
      case 'HELP': return say('214 2.0.0 See RFC 5321')
      case 'QUIT': return sayAndClose(`221 2.0.0 ${this.#behaviour.host} closing connection`)
      default: return say('500 5.5.2 Command not recognized')
    }
  }

  get #offers(): readonly string[] {
    return this.#secure ? this.#behaviour.offersOverTls : this.#behaviour.offers
  }

  #ordained(verb: string, lines: readonly string[]): Turn {
    const code = lines[0]?.slice(0, 3) ?? ''
    if (verb === 'STARTTLS' && code === '220') return { lines, then: 'starttls' }
    return code === '421' || verb === 'QUIT' ? { lines, then: 'close' } : { lines }
  }

  #reset(): void {
    this.#sender = null
    this.#recipients = []
  }

  #greeted(kind: 'ehlo' | 'helo', name: string): Turn {
    if (name.trim() === '') return say('501 5.5.4 Name yourself') // RFC 5321 §4.1.1.1: the argument is required
    this.#hello = kind
    this.#helo = name.trim()
    this.#reset()
    const { host } = this.#behaviour
    if (kind === 'helo') return say(`250 ${host}`)
    const lines = [host, ...this.#offers]
    return { lines: lines.map((text, i) => `250${i === lines.length - 1 ? ' ' : '-'}${text}`) }
  }

  #startTls(rest: string): Turn {
    if (!offering(this.#behaviour.offers, 'STARTTLS')) return say('502 5.5.1 STARTTLS is not offered')
    if (this.#secure) return say('503 5.5.1 TLS is active already')
    if (rest !== '') return say('501 5.5.4 STARTTLS takes no parameter') // RFC 3207 §4
    return { lines: ['220 2.0.0 Ready to start TLS'], then: 'starttls' }
  }

  #startAuth(rest: string): Turn {
    const [name = '', initial] = rest.split(/ +/)
    const mechanism = name.toUpperCase()
    const mechanisms = mechanismsOffered(this.#offers)
    if (this.#hello !== 'ehlo' || mechanisms.length === 0) return say('503 5.5.1 AUTH is not offered now')
    if (this.#sender !== null) return say('503 5.5.1 Not during a mail transaction') // RFC 4954 §4
    if (this.#user !== null) return say('503 5.5.1 Already authenticated')
    this.#exchange = mechanisms.includes(mechanism) ? saslServer(mechanism, this.#behaviour) : null
    if (!this.#exchange) return say('504 5.5.4 Unrecognized authentication type')
    return this.#authenticate(initial ?? null)
  }

  #authenticate(response: string | null): Turn {
    if (response === '*') { // RFC 4954 §4: the client cancels
      this.#exchange = null
      return say('501 5.7.0 Authentication cancelled')
    }
    const turn = this.#exchange?.take(response === null ? null : fromBase64(response)) ?? { user: null }
    if ('challenge' in turn) return say(`334 ${toBase64(turn.challenge)}`)
    this.#exchange = null
    this.#user = turn.user
    return say(turn.user === null ? '535 5.7.8 Authentication credentials invalid' : '235 2.7.0 Authentication successful')
  }

  #mail(rest: string): Turn {
    if (this.#hello === 'none') return say('503 5.5.1 Say EHLO first')
    if (this.#sender !== null) return say('503 5.5.1 Nested MAIL command')
    const path = /^FROM:<([^<>]*)>/i.exec(rest)?.[1]
    if (path === undefined) return say('501 5.5.4 Syntax: MAIL FROM:<address>')
    if (this.#behaviour.submission && this.#user === null) return say('530 5.7.0 Authentication required') // RFC 6409 §4.3, RFC 4954 §6
    this.#sender = path
    this.#envelopeName = /\bENVID=(\S+)/i.exec(rest)?.[1] ?? null
    return say('250 2.1.0 Ok')
  }

  #rcpt(rest: string): Turn {
    if (this.#sender === null) return say('503 5.5.1 Need MAIL first')
    const path = /^TO:<([^<>]*)>/i.exec(rest)?.[1]
    if (path === undefined) return say('501 5.5.4 Syntax: RCPT TO:<address>')
    if (this.#sender === '' && this.#behaviour.refusesNullSender) return say('550 5.7.1 <>: Sender address rejected')
    if (!this.#accepts(path)) return say(`550 5.7.1 <${path}>: Relay access denied`)
    const later = this.#behaviour.defer?.(path.toLowerCase()) ?? null
    if (later !== null) return say(later)
    this.#recipients.push(path)
    return say('250 2.1.5 Ok')
  }

  #data(): Turn {
    if (this.#recipients.length === 0) return say('503 5.5.1 Need RCPT first')
    if (this.#user === null || !this.#behaviour.takeMail) return say('554 5.3.2 This server takes no messages')
    this.#message = []
    return say('354 End data with <CR><LF>.<CR><LF>')
  }

  #takeLine(lines: string[], line: string): Turn {
    if (line !== '.') {
      if (lines.length < mostLines) lines.push(line.startsWith('.') ? line.slice(1) : line)
      return say()
    }
    this.#message = null
    const envelope = { helo: this.#helo, user: this.#user ?? '', sender: this.#sender ?? '', recipients: this.#recipients, name: this.#envelopeName }
    this.#reset()
    return say(...this.#behaviour.takeMail?.(envelope, lines.map(text => `${text}\r\n`).join('')) ?? [])
  }

  #accepts(path: string): boolean {
    const [local, domain] = splitAddress(path.toLowerCase())
    if (local === 'postmaster' && domain === undefined) return true // RFC 5321 §4.5.1
    return this.#behaviour.mailboxes.some(mailbox => {
      const [wantedLocal, wantedDomain] = splitAddress(mailbox.toLowerCase())
      return (wantedLocal === '*' || wantedLocal === local) && (wantedDomain === '*' || wantedDomain === domain)
    })
  }
}

/** Test messages are short. */
const mostLines = 10_000

function splitAddress(address: string): [string, string | undefined] {
  const at = address.lastIndexOf('@')
  return at < 0 ? [address, undefined] : [address.slice(0, at), address.slice(at + 1)]
}
