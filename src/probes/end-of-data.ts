/**
 * Where does a server think that a message ends? Only CRLF.CRLF ends it (RFC 5321 §4.1.1.4); one that also takes a dot between
 * bare line feeds or carriage returns lets a message carry another one past the servers before it. The test messages go to
 * a mailbox of the user’s own, with the empty sender, and what they would smuggle is one word that no server knows.
 */
import type { Network } from '../network/network.ts'
import { smtp } from '../protocols/dialects.ts'
import type { LineSession } from '../protocols/line-session.ts'
import { parseSmtpReply } from '../syntax/smtp.ts'
import { converse, sessionFacts } from './converse.ts'
import type { ProbeContext } from './index.ts'
import { openSmtp } from './open-smtp.ts'
import { ownMailbox } from './own-smtp.ts'
import type { MxSession } from './session-sets.ts'
import type { Reply, SmtpFacts } from './session.ts'

const sequences = { 'LF.CRLF': '\n.\r\n', 'LF.LF': '\n.\n', 'CR.CR': '\r.\r' } as const
export type EndSequence = keyof typeof sequences

export interface EndTrial {
  readonly sequence: EndSequence
  /** What was said to MAIL, RCPT or DATA, if that was no. */
  refused?: { readonly command: 'MAIL' | 'RCPT' | 'DATA'; readonly reply: Reply }
  /** To the message, when it had come to its true end. */
  taken?: Reply
  /** To the NOOP behind it: or to the word that was in the message. */
  next?: Reply
}

export interface EndOfDataFacts extends SmtpFacts {
  /** Null: the user has named none at this domain. */
  readonly mailbox: string | null
  /** The address of the same host at which it was tried instead. */
  readonly triedAt: string | null
  readonly trials: EndTrial[]
}

/** Told from the answer to NOOP by its code: no server has such a command. */
const smuggled = 'XMAILCHECK'

export async function probeEndOfData({ network, scope, sessions, facts: source }: ProbeContext, held: MxSession): Promise<EndOfDataFacts> {
  const { session, endpoint } = held
  const mailbox = ownMailbox(scope) ?? null
  const begin = (triedAt: string | null): EndOfDataFacts => {
    const { host, address, port, tls } = endpoint
    return { protocol: 'smtp', ...sessionFacts({ host, address, port, tls }), mailbox, triedAt, trials: [] }
  }
  const answers = ({ session: { ehlo }, endpoint: { host } }: MxSession): boolean => host === endpoint.host && ehlo !== undefined && smtp.agrees(ehlo)
  const first = (await source.get('mxSessions')).sessions.find(answers)
  if (mailbox === null || !answers(held)) return begin(null)
  // one host ends its messages alike at all its addresses, and three messages are enough
  if (first && first.name !== held.name) return begin(first.name)
  const now = network.now()
  return sessions.hold(network, endpoint, {
    name: `end of data as ${scope.ehloName} to ${mailbox}`,
    run: where => tryEnds(where, begin(null), { ehloName: scope.ehloName, secure: session.tls !== undefined, mailbox, now }),
  })
}

interface Plan {
  readonly ehloName: string
  readonly secure: boolean
  readonly mailbox: string
  readonly now: Date
}

function tryEnds(network: Network, facts: EndOfDataFacts, plan: Plan): Promise<EndOfDataFacts> {
  return converse(facts, network, smtp, { attempts: 1 }, async session => {
    if (!(await openSmtp(facts, session, plan))) return
    let sender = ''
    for (const sequence of Object.keys(sequences) as EndSequence[]) {
      const trial: EndTrial = { sequence }
      facts.trials.push(trial)
      await tryEnd(session, trial, sender, plan)
      if (sender === '' && trial.refused && trial.refused.command !== 'DATA' && (parseSmtpReply(trial.refused.reply).code ?? 0) >= 500) {
        // bounces of the test could then only go to the mailbox itself
        sender = plan.mailbox
        delete trial.refused
        await session.command('RSET')
        await tryEnd(session, trial, sender, plan)
      }
      // out of step with a server that took more from the message than it should, and of no use with one that takes none
      if (trial.refused || !trial.next || !isOk(trial.next)) return
    }
  })
}

async function tryEnd(session: LineSession, trial: EndTrial, sender: string, plan: Plan): Promise<void> {
  for (const [command, line] of [['MAIL', `MAIL FROM:<${sender}>`], ['RCPT', `RCPT TO:<${plan.mailbox}>`], ['DATA', 'DATA']] as const) {
    const reply = await session.command(line)
    if (command === 'DATA' ? parseSmtpReply(reply).code === 354 : isOk(reply)) continue
    trial.refused = { command, reply }
    return
  }
  trial.taken = await session.octets(`${message(trial.sequence, plan)}${sequences[trial.sequence]}${smuggled}\r\n.\r\n`)
  trial.next = await session.command('NOOP')
}

function isOk(reply: Reply): boolean {
  return smtp.agrees(reply)
}

/** RFC 5322 §3.6; without its last line end. */
function message(sequence: EndSequence, { mailbox, now, ehloName }: Plan): string {
  return [
    `From: mailcheck <${mailbox}>`,
    `To: <${mailbox}>`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <mailcheck-${now.getTime().toString(36)}-${sequence.toLowerCase()}@${ehloName.replace(/[^\w.-]/g, '') || 'localhost'}>`,
    `Subject: mailcheck: does ${sequence} end a message?`,
    'Auto-Submitted: auto-generated',
    '',
    'You asked mailcheck (--own) whether your server ends messages where it should.',
    'This is one of up to three messages for that, and may be deleted.',
    'Behind this line stand a dot between bare line ends, and a word:',
  ].join('\r\n')
}
