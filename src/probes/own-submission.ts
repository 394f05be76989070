/**
 * Does a submission server take mail from somebody who has not logged in (RFC 6409 §4.3)? An envelope from the domain to itself
 * is shown, because that is what a server most easily lets pass, and withdrawn: DATA is never sent.
 */
import type { Network } from '../network/network.ts'
import { smtp } from '../protocols/dialects.ts'
import { parseSmtpReply } from '../syntax/smtp.ts'
import { converse, sessionFacts } from './converse.ts'
import type { ProbeContext } from './index.ts'
import { openSmtp } from './open-smtp.ts'
import { ownMailbox, showEnvelope, taken, type Envelope, type OwnSmtpFacts } from './own-smtp.ts'
import type { HeldService } from './session-sets.ts'

interface Plan {
  readonly ehloName: string
  readonly secure: boolean
  readonly recipient: string
}

export async function probeOwnSubmission({ network, scope, sessions }: ProbeContext, { session, endpoint }: HeldService): Promise<OwnSmtpFacts> {
  const { host, address, port, tls } = endpoint
  const facts: OwnSmtpFacts = { protocol: 'smtp', ...sessionFacts({ host, address, port, tls }), envelopes: [] }
  const ehlo = session.protocol === 'smtp' ? session.ehlo ?? session.ehloOverTls : undefined
  if (!ehlo || !smtp.agrees(ehlo)) return facts
  const recipient = ownMailbox(scope) ?? `postmaster@${scope.domain}`
  const plan = { ehloName: scope.ehloName, secure: session.tls !== undefined, recipient }
  return sessions.hold(network, endpoint, {
    name: `own submission as ${scope.ehloName} for ${recipient}`,
    run: where => showWithoutLogin(where, facts, plan),
  })
}

function showWithoutLogin(network: Network, facts: OwnSmtpFacts, plan: Plan): Promise<OwnSmtpFacts> {
  return converse(facts, network, smtp, { attempts: 1 }, async session => {
    if (!(await openSmtp(facts, session, plan))) return
    const { recipient } = plan
    const first = await showEnvelope(facts, session, { purpose: 'mailbox', sender: recipient, recipient })
    // who refuses the sender for another reason (a forged one, say) may take mail from somebody else
    if (!taken(first) && !wantsLogin(first)) await showEnvelope(facts, session, { purpose: 'mailbox', sender: '', recipient })
  })
}

/** RFC 4954 §6: 530, "5.7.0 Authentication required"; others say it in words. */
function wantsLogin({ mail, rcpt }: Envelope): boolean {
  const { code, texts } = parseSmtpReply(rcpt ?? mail)
  return code === 530 || /\bauth|\blog ?in\b|\blogged in\b/i.test(texts.join(' ').slice(0, 2048))
}
