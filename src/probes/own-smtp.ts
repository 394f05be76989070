/**
 * What a server says to envelopes that its operator permits us to show it (RFC 5321 §3.3): the null sender of bounces, the
 * addresses that every domain owes the world, one that nobody has, and a stranger who writes to a stranger. Each is shown
 * and withdrawn (RSET): DATA is never sent, so no message comes of it.
 */
import type { Network } from '../network/network.ts'
import { smtp } from '../protocols/dialects.ts'
import type { LineSession } from '../protocols/line-session.ts'
import { organizationalDomain } from '../syntax/organizational-domain.ts'
import { parseSmtpReply, positiveReply } from '../syntax/smtp.ts'
import { converse, sessionFacts } from './converse.ts'
import type { ProbeContext } from './index.ts'
import { openSmtp } from './open-smtp.ts'
import type { MxSession } from './session-sets.ts'
import type { Reply, SmtpFacts } from './session.ts'

/** `mailbox`: one that the user has an account for. `nobody`: an address that does not exist. */
export type Purpose = 'mailbox' | 'postmaster' | 'abuse' | 'nobody' | 'relay'

/** One envelope, as far as it was shown. */
export interface Envelope {
  readonly purpose: Purpose
  /** '' is the null reverse-path. */
  readonly sender: string
  readonly recipient: string
  readonly mail: Reply
  /** Absent when MAIL was refused, or the session ended before. */
  rcpt?: Reply
}

export interface OwnSmtpFacts extends SmtpFacts {
  readonly envelopes: Envelope[]
  vrfy?: Reply
  expn?: Reply
}

interface Plan {
  readonly ehloName: string
  readonly secure: boolean
  readonly domain: string
  readonly mailbox: string | undefined
  readonly nobody: string
  readonly stranger: Strangers
}

interface Strangers {
  /** Who has nothing to do with the server. */
  readonly sender: string
  readonly recipients: readonly string[]
}

export async function probeOwnSmtp({ network, scope, sessions }: ProbeContext, held: MxSession): Promise<OwnSmtpFacts> {
  const { session, endpoint } = held
  if (!session.ehlo || !smtp.agrees(session.ehlo)) return { protocol: 'smtp', ...sessionFacts(endpoint), envelopes: [] }
  const { domain, ehloName } = scope
  const mailbox = ownMailbox(scope)
  const stranger = strangersTo([domain, endpoint.host], ehloName)
  const plan = { ehloName, secure: session.tls !== undefined, domain, mailbox, stranger, nobody: `${unknownLocalPart(network.now())}@${domain}` }
  return sessions.hold(network, endpoint, {
    name: `own smtp as ${ehloName} for ${domain} ${mailbox ?? ''}`,
    run: (where, { host, address, port, tls }) => showEnvelopes(where, { protocol: 'smtp', ...sessionFacts({ host, address, port, tls }), envelopes: [] }, plan),
  })
}

/** The address of an account at the domain itself: an address that is known to be somebody's. */
export function ownMailbox({ accounts, domain }: Pick<ProbeContext['scope'], 'accounts' | 'domain'>): string | undefined {
  // what is not an ordinary address would have to be quoted
  return accounts.map(({ user }) => user).find(user => /^[\w.+=~-]{1,64}$/.test(user.slice(0, user.lastIndexOf('@'))) && user.toLowerCase().endsWith(`@${domain}`))
}

function showEnvelopes(network: Network, facts: OwnSmtpFacts, plan: Plan): Promise<OwnSmtpFacts> {
  return converse(facts, network, smtp, { attempts: 1 }, async session => {
    if (!(await openSmtp(facts, session, plan))) return
    const show = (purpose: Purpose, sender: string, recipient: string): Promise<Envelope> => showEnvelope(facts, session, { purpose, sender, recipient })
    const { domain, mailbox, nobody, stranger } = plan
    const known = [...(mailbox === undefined ? [] : [['mailbox', mailbox] as const]), ['postmaster', `postmaster@${domain}`], ['abuse', `abuse@${domain}`]] as const
    let usual = ''
    for (const [purpose, recipient] of known) {
      const envelope = await show(purpose, usual, recipient)
      // is it the recipient that is refused, or the sender?
      if (refused(envelope) && usual === '') {
        const other = await show(purpose, stranger.sender, recipient)
        if (taken(other)) usual = stranger.sender
      }
    }
    await show('nobody', usual, nobody)
    await showRelay(show, stranger)
    facts.vrfy = await session.command(`VRFY ${mailbox ?? `postmaster@${domain}`}`)
    facts.expn = await session.command('EXPN postmaster')
  })
}

/** One recipient, so that servers that allow bounces but one take no offence. */
export async function showEnvelope(facts: OwnSmtpFacts, session: LineSession, envelope: Pick<Envelope, 'purpose' | 'sender' | 'recipient'>): Promise<Envelope> {
  const mail = await session.command(`MAIL FROM:<${envelope.sender}>`)
  const shown: Envelope = { ...envelope, mail }
  facts.envelopes.push(shown)
  if (!positive(mail)) return shown
  shown.rcpt = await session.command(`RCPT TO:<${envelope.recipient}>`)
  await session.command('RSET')
  return shown
}

/** A refusal that does not speak of relaying may be about the sender or the domain of the recipient: then others are tried. */
async function showRelay(show: (purpose: Purpose, sender: string, recipient: string) => Promise<Envelope>, { sender, recipients }: Strangers): Promise<void> {
  for (const [i, recipient] of recipients.entries()) {
    const { mail, rcpt } = await show('relay', i === 0 ? sender : '', recipient)
    if (rcpt && (positive(rcpt) || /\brelay/i.test(rcpt.join(' ')))) return
    if (mail.some(line => line.startsWith('421'))) return
  }
}

function positive(reply: Reply): boolean {
  return positiveReply(parseSmtpReply(reply))
}

export function taken({ rcpt }: Envelope): boolean {
  return rcpt !== undefined && positive(rcpt)
}

/** For good: what is only put off would be put off again. */
function refused({ mail, rcpt }: Envelope): boolean {
  return (parseSmtpReply(rcpt ?? mail).code ?? 0) >= 500
}

/** Unlike any that somebody has, and the same again when a recording is replayed, because the clock is recorded too. */
function unknownLocalPart(now: Date): string {
  return `no-such-user-${now.getTime().toString(36)}`
}

/**
 * Reserved names (RFC 2606 §3), which nobody is responsible for, and this machine’s own: a server that looks domains up may
 * refuse the former for having no mail. None may belong to whom is asked.
 */
function strangersTo(own: readonly string[], ehloName: string): Strangers {
  const near = new Set(own.map(name => organizationalDomain(name)))
  const reserved = ['example.org', 'example.net', 'example.com'].filter(name => !near.has(name))
  const [recipient = 'example.org', sender = 'example.net'] = reserved
  const name = ehloName.toLowerCase()
  const here = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(name) && !near.has(organizationalDomain(name)) ? name : undefined
  return { sender: `mailcheck@${here ?? sender}`, recipients: [`mailcheck@${recipient}`, `mailcheck@${here ?? recipient}`] }
}
