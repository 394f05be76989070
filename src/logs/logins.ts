/**
 * Who logs in and who fails to. Guessing shows in three ways: one source that tries one account (brute force), one source that
 * tries many (spraying), many sources that try one. That somebody gets in after it is the graver thing; but a source from which
 * the account was used before is its owner’s, with a device that still has the old password. A source is an address, in IPv6 the
 * network that it is of.
 */
import type { LoginEvent, LoginFailedEvent } from '../syntax/log-event.ts'
import { BoundedMap, Distinct } from './bounded-map.ts'
import type { Findings, LogEntry, LogEvidence } from './finding.ts'
import { day, type LogLimits } from './limits.ts'
import { networkOf } from './network-of.ts'
import { Rate } from './rate.ts'

const most = { accounts: 10_000, sources: 10_000, pairs: 20_000, sessions: 5000 } as const
const mostSeen = 200
/** Milliseconds in which Postfix tells of the failure that Dovecot’s auth service told of. */
const echo = 60_000

export interface LoginCount {
  failures: number
  successes: number
  readonly hour: Rate
  readonly day: Rate
  /** Sources of an account, accounts of a source. */
  readonly others: Distinct
  first: LogEvidence | null
}

interface Pair {
  failures: number
  last: number
  succeeded: boolean
}

type Success = Pick<LoginEvent, 'user' | 'address' | 'service'>

export class Logins {
  readonly accounts = new BoundedMap<LoginCount>(most.accounts)
  readonly sources = new BoundedMap<LoginCount>(most.sources)
  readonly #pairs = new BoundedMap<Pair>(most.pairs)
  /** Sessions whose failures the auth service has told. */
  readonly #sessions = new BoundedMap<true>(most.sessions)
  /** Failures without a session that Postfix may tell once more, by source. */
  readonly #echoes = new BoundedMap<{ count: number; last: number }>(most.sessions)
  readonly #limits: LogLimits
  readonly #findings: Findings
  failures = 0
  successes = 0

  constructor(limits: LogLimits, findings: Findings) {
    this.#limits = limits
    this.#findings = findings
  }

  /** How many failures the line adds: the same one may be told by two programs. */
  failed(event: LoginFailedEvent, entry: LogEntry): number {
    const count = this.#new(event, entry.time)
    if (count === 0) return 0
    this.failures += count
    const evidence = { entry, event }
    const { user } = event
    const from = event.address === null ? null : networkOf(event.address)
    const account = user === null ? null : this.#count(this.accounts, user, evidence)
    const source = from === null ? null : this.#count(this.sources, from, evidence)
    for (const one of [account, source]) if (one) one.failures += count
    if (account && from !== null) account.others.add(from)
    if (source && user !== null) source.others.add(user)
    if (user !== null && from !== null) {
      const pair = this.#pairs.touch(`${from} ${user}`, () => ({ failures: 0, last: 0, succeeded: false }))
      pair.failures = entry.time - pair.last > day ? count : pair.failures + count
      pair.last = entry.time
    }
    if (source && from !== null) this.#judgeSource(from, source, count, evidence)
    if (account && user !== null) this.#judgeAccount(user, account, count, evidence)
    return count
  }

  succeeded(event: Success, evidence: LogEvidence): void {
    this.successes++
    const { user } = event
    const { time } = evidence.entry
    const account = this.accounts.get(user)
    if (account) account.successes++
    if (event.address === null) return
    const address = networkOf(event.address)
    const key = `${address} ${user}`
    const pair = this.#pairs.get(key)
    const source = this.#count(this.sources, address, null)
    source.successes++
    if (pair && !pair.succeeded) this.#judgeSuccess({ user, address }, pair, source, evidence)
    else if (!pair && this.#spraying(address, source, time)) this.#judgeSuccess({ user, address }, { failures: 0, last: time, succeeded: false }, source, evidence)
    if (pair) {
      pair.succeeded = true
      pair.failures = 0
    } else this.#pairs.set(key, { failures: 0, last: time, succeeded: true })
  }

  #count(map: BoundedMap<LoginCount>, key: string, first: LogEvidence | null): LoginCount {
    const one = map.touch(key, () => ({ failures: 0, successes: 0, hour: new Rate(), day: new Rate(), others: new Distinct(mostSeen), first }))
    one.first ??= first
    return one
  }

  #new({ by, session, address, attempts }: LoginFailedEvent, time: number): number {
    if (by === 'dovecot-auth') {
      if (session !== null) this.#sessions.set(session, true)
      else if (address !== null) {
        const pending = this.#echoes.touch(address, () => ({ count: 0, last: 0 }))
        pending.count = time - pending.last > echo ? 1 : pending.count + 1
        pending.last = time
      }
      return attempts
    }
    if (by === 'dovecot' && session !== null && this.#sessions.delete(session)) return 0
    if (by === 'postfix' && address !== null) {
      const pending = this.#echoes.peek(address)
      if (pending && pending.count > 0 && Math.abs(time - pending.last) <= echo) {
        pending.count--
        return 0
      }
    }
    return attempts
  }

  #spraying(address: string, source: LoginCount, time: number): boolean {
    const { window, authFailures, sprayedAccounts } = this.#limits
    // a web mail service, or an office behind one address, has users who mistype; but more who do not
    return !isLoopback(address) && source.others.size >= sprayedAccounts && source.failures > source.successes
      && (source.hour.at(time, window) >= sprayedAccounts || source.day.at(time, day) >= authFailures * 10)
  }

  #judgeSource(address: string, source: LoginCount, added: number, evidence: LogEvidence): void {
    const { window, authFailures } = this.#limits
    const { time } = evidence.entry
    const recent = source.hour.add(time, added, window)
    const today = source.day.add(time, added, day)
    const earlier = source.first ? [source.first] : []
    const numbers = { accounts: source.others.size, successes: source.successes }
    if (this.#spraying(address, source, time)) {
      this.#findings.withdraw('brute-force', { source: address })
      this.#findings.report('password-spraying', 'warning', { source: address }, evidence, source.failures, numbers, earlier)
    } else if (!isLoopback(address) && source.failures > source.successes && (recent >= authFailures || today >= authFailures * 10)) {
      const [only] = source.others.values()
      this.#findings.report('brute-force', 'warning', { source: address, ...only !== undefined && source.others.size === 1 ? { account: only } : {} }, evidence, source.failures, numbers, earlier)
    }
  }

  #judgeAccount(user: string, account: LoginCount, added: number, evidence: LogEvidence): void {
    const { window, authFailures } = this.#limits
    const { time } = evidence.entry
    const recent = account.hour.add(time, added, window)
    const today = account.day.add(time, added, day)
    if (account.others.size < 3 || (recent < authFailures && today < authFailures * 10)) return
    this.#findings.report('account-attacked', 'warning', { account: user }, evidence, account.failures, { sources: account.others.size }, account.first ? [account.first] : [])
  }

  #judgeSuccess({ user, address }: { readonly user: string; readonly address: string }, pair: Pair, source: LoginCount, evidence: LogEvidence): void {
    const { time } = evidence.entry
    const sprayed = this.#spraying(address, source, time)
    const guessed = !isLoopback(address) && pair.failures >= this.#limits.authFailures && time - pair.last <= day
    if (!sprayed && !guessed) return
    // who tried one account alone may be its owner at a new place
    this.#findings.report('password-guessed', sprayed ? 'critical' : 'error', { account: user, source: address }, evidence, sprayed ? source.failures : pair.failures,
      { accounts: source.others.size }, source.first ? [source.first] : [])
  }
}

/** Whoever asks from there asks for others. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}
