/**
 * A message that was received: what its receiver finds out about it (SPF, DKIM, ARC, DMARC), and whether those whom it names as
 * its senders can be answered. The message comes with the scope; what is asked is asked of the DNS alone.
 */
import { evaluateMessage, type MessageVerdict } from '../evaluate/message.ts'
import { outcome, type Answer, type Failure, type Outcome } from '../network/network.ts'
import { domainName } from '../syntax/author.ts'
import type { Message } from '../syntax/message.ts'
import { drive } from './drive.ts'
import type { ProbeContext } from './index.ts'

export interface MessageFacts {
  readonly verdict: MessageVerdict
  readonly message: Message
  /** The first question that was not answered; behind a temperror it is the cause. */
  readonly problem: Failure | null
  readonly routes: readonly SenderRoute[]
  /** The verdict and the problems alone: the header is the user’s mail. */
  toJSON(): object
}

/** The way back to who is named as sender. */
export interface SenderRoute {
  readonly field: 'From' | 'Return-Path'
  readonly domain: string
  readonly mx: Outcome<Answer<'MX'>>
  /** Asked only when there is no MX (RFC 5321 §5.1). */
  readonly addresses: readonly Outcome<Answer<'A'> | Answer<'AAAA'>>[]
}

export async function probeMessage({ network, scope }: ProbeContext): Promise<MessageFacts | null> {
  if (!scope.message) return null
  const { message } = scope.message
  let problem: Failure | null = null
  const verdict = await drive(evaluateMessage(scope.message, network.now()), network, failure => { problem ??= failure })
  const { authorDomain } = verdict.dmarc
  const { mailFrom } = verdict.client
  const path = mailFrom === null || mailFrom === '' ? null : domainName(mailFrom.slice(mailFrom.lastIndexOf('@') + 1))
  const senders = [
    ...authorDomain === null ? [] : [{ field: 'From', domain: authorDomain } as const],
    ...path === null || path === authorDomain ? [] : [{ field: 'Return-Path', domain: path } as const],
  ]
  const routes = await Promise.all(senders.map(async ({ field, domain }): Promise<SenderRoute> => {
    const mx = await outcome(network.query({ name: domain, type: 'MX' }))
    const implicit = 'value' in mx && mx.value.records.length === 0 && mx.value.rcode === 'NOERROR'
    const addresses = implicit ? await Promise.all([outcome(network.query({ name: domain, type: 'A' })), outcome(network.query({ name: domain, type: 'AAAA' }))]) : []
    return { field, domain, mx, addresses }
  }))
  return { verdict, message, problem, routes, toJSON: () => ({ verdict, problems: message.problems, octets: message.octets, routes }) }
}
