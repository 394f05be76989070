/** The names with which servers greet on port 25. Names in SMTP have to be resolvable, to an address or to an MX (RFC 5321 §2.3.5). */
import { NetworkFailure, outcome, type Answer, type Outcome } from '../network/network.ts'
import { greetedAs, hostNameIn } from '../syntax/greeting.ts'
import type { AddressFacts } from './addresses.ts'
import type { ProbeContext } from './index.ts'

export interface GreetingName extends AddressFacts {
  readonly mx: Outcome<Answer<'MX'>>
}

/** By name, those that can be looked up. */
export type GreetingNames = Readonly<Record<string, GreetingName>>

/** A domain has a name for each of its hosts; a server that makes up a new one each time costs no more than this. */
const most = 64

export async function probeGreetingNames({ network, facts }: ProbeContext): Promise<GreetingNames> {
  const { sessions } = await facts.get('mxSessions')
  const names = new Set(sessions.map(({ session }) => hostNameIn(greetedAs(session.greeting ?? []))).filter(name => name !== null))
  if (names.size > most) {
    throw new NetworkFailure({ event: 'unavailable', reason: 'deadline-spent', detail: `the servers greet with ${names.size} names: of more than ${most} none is looked up` })
  }
  const found = await Promise.all([...names].map(async name => {
    const [addresses, mx] = await Promise.all([facts.get('addresses', { name }), outcome(network.query({ name, type: 'MX' }))])
    return [name, { ...addresses, mx }] as const
  }))
  return Object.fromEntries(found)
}
