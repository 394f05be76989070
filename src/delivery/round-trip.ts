/**
 * The whole way of a message: handed in, waited for at each recipient by IMAP and POP3, read, and removed. Bounces are looked for
 * in the sender's mailbox meanwhile. Rejects only for a bug.
 */
import type { Network } from '../network/network.ts'
import type { Reason } from '../reasons.ts'
import { meaningOfCode } from '../data/enhanced-codes.ts'
import { parseSmtpReply } from '../syntax/smtp.ts'
import { lookForBounces, type Bounce } from './bounces.ts'
import { deferralReason } from './deferral.ts'
import { isNoDoor, type Doors, type NoDoor } from './doors.ts'
import { handIn, type HandedIn } from './hand-in.ts'
import { removeByImap, watchImap, watchPop3, type Clock, type Found, type Looked, type Search } from './look.ts'
import { visitFirst, type Door } from '../mailbox/visit.ts'
import type { Person } from './person.ts'
import { problemsOf } from './problems.ts'
import { readDelivered, type Reading } from './reading.ts'
import type { DeliveryResult, EarlierDelivery, LateDelivery, Moment, Outcome, Problem, RouteResult, Seen, Stage } from './result.ts'
import { newId, type TestMessage } from './test-message.ts'
import { troubleOf, type Trouble } from './trouble.ts'

export interface Party {
  readonly person: Person
  readonly doors: Doors
}

export interface RoundTrip {
  readonly network: Network
  readonly clock: Clock
  readonly from: Party
  readonly to: readonly Party[]
  /** Milliseconds from handing in until a message counts as lost. */
  readonly timeout: number
  readonly keep: boolean
  /** What earlier runs gave up, and may have come since. */
  readonly earlier: readonly EarlierDelivery[]
  /** Is told of every stage as it happens. */
  readonly onMoment?: (route: string, moment: Moment) => void
}

/** Milliseconds until a message that was deferred is tried again. */
const patience = [5000, 15_000, 30_000, 60_000, 120_000, 300_000]
/** From handing in until bounces are looked for, and between two looks. */
const bounceSteps = [6000, 10_000, 15_000, 30_000]
/** Before the time is over: what came back until then must not be called lost, nor what came after it missing. */
const lastLook = 3000

type Taken = { readonly handed: HandedIn; readonly trouble?: undefined } | { readonly handed: HandedIn | null; readonly trouble: Trouble }

export async function deliver(trip: RoundTrip): Promise<DeliveryResult> {
  const startedAt = trip.clock.now()
  const routes = trip.to.map(party => new Route(trip, party, startedAt))
  const until = new Date(startedAt.getTime() + trip.timeout)
  const bounces = watchBounces(trip, routes, until)
  const [results] = await Promise.all([Promise.all(routes.map(route => route.run(until))), submit(trip, routes, until), bounces])
  return { startedAt, routes: results, late: routes.flatMap(({ late }) => late) }
}

/** Hands all in, those again that were deferred, until each is taken, refused, or out of time. */
async function submit({ network, clock, from }: RoundTrip, routes: readonly Route[], until: Date): Promise<void> {
  const doors = from.doors.smtp
  if (isNoDoor(doors)) {
    for (const route of routes) route.taken({ handed: null, trouble: { reason: doors.reason ?? 'endpoint-unknown', text: doors.reason === null ? `${from.person.label} has no account for submission: give it one of the service submissions or submission` : doors.text, passing: false } })
    return
  }
  for (let attempt = 0, left = [...routes]; left.length > 0; attempt++) {
    const results = new Map<string, HandedIn>()
    const visited = await visitFirst(doors, async door => {
      const handed = await handIn(network, door, left.map(({ message }) => message))
      for (const [id, one] of handed.results) results.set(id, one)
      return handed.visit
    })
    const trouble = visited ? troubleOf(visited) : null
    const delay = patience[attempt] ?? 300_000
    const over = clock.now().getTime() + delay >= until.getTime()
    left = left.filter(route => {
      const handed = results.get(route.message.id)
      if (handed && (handed.outcome !== 'deferred' || over)) route.taken({ handed })
      else if (handed) route.deferred(handed)
      else if (trouble === null || !trouble.passing || over) route.taken({ handed: null, trouble: trouble ?? { reason: 'connection-lost', text: 'the server did not come to this message', passing: false } })
      return !route.isTaken
    })
    if (left.length > 0) await clock.pause(delay)
  }
}

async function watchBounces({ clock, from, keep, network }: RoundTrip, routes: readonly Route[], until: Date): Promise<void> {
  const { imap, pop3 } = from.doors
  const mailbox = { imap: isNoDoor(imap) ? [] : imap, pop3: isNoDoor(pop3) ? [] : pop3 }
  if (mailbox.imap.length + mailbox.pop3.length === 0) {
    for (const route of routes) route.bouncesUnseen = unseenOf(from).text
    return
  }
  const over = new AbortController()
  void Promise.all(routes.map(route => route.settled)).then(() => over.abort())
  for (let i = 0; ; i++) {
    const left = until.getTime() - clock.now().getTime()
    await clock.pause(Math.min(bounceSteps[i] ?? 30_000, left > lastLook ? left - lastLook : Math.max(0, left)), over.signal)
    const open = routes.filter(route => route.waits)
    if (routes.every(route => route.isSettled)) return
    if (open.length > 0) {
      const { bounces, trouble } = await lookForBounces(network, mailbox, open.map(({ message }) => message.id), keep)
      for (const bounce of bounces) routes.find(({ message }) => message.id === bounce.id)?.bounced(bounce)
      for (const route of open) route.bouncesUnseen = trouble?.text ?? null
    }
    if (clock.now() > until) return
  }
}

/** One message on its way to one recipient. */
class Route {
  readonly message: TestMessage
  readonly late: LateDelivery[] = []
  readonly settled: Promise<void>
  isTaken = false
  isSettled = false
  /** Why nobody knows whether it came back; null: it was looked for. */
  bouncesUnseen: string | null = 'there was no time to look'
  readonly #trip: RoundTrip
  readonly #to: Party
  readonly #moments: Moment[] = []
  readonly #handed: Promise<Taken>
  #take: (taken: Taken) => void = () => undefined
  #settle: () => void = () => undefined
  #accepted = false
  #bounce: Bounce | null = null
  #deferrals = 0

  constructor(trip: RoundTrip, to: Party, sentAt: Date) {
    this.#trip = trip
    this.#to = to
    this.message = { id: newId(), from: trip.from.person.address, to: to.person.address, sentAt }
    this.#handed = new Promise(resolve => (this.#take = resolve))
    this.settled = new Promise(resolve => (this.#settle = resolve))
  }

  get name(): string {
    return `${this.#trip.from.person.label} -> ${this.#to.person.label}`
  }

  /** Is it still on its way? */
  get waits(): boolean {
    return this.#accepted && !this.isSettled && this.#bounce?.action !== 'failed'
  }

  taken(taken: Taken): void {
    this.isTaken = true
    this.#take(taken)
  }

  deferred({ reply, at, command }: HandedIn): void {
    this.#deferrals++
    this.#moment('deferred', at, `not taken for now${command === 'message' ? '' : `, at ${command}`}: ${reply.at(-1) ?? ''}`)
  }

  bounced(bounce: Bounce): void {
    const known = this.#bounce
    if (known?.action === 'failed' || (known && bounce.action === known.action)) return
    this.#bounce = bounce
    const { action, status, diagnostic, reportedBy, seenAt } = bounce
    this.#moment(action === 'failed' ? 'bounced' : 'delayed', seenAt, `${reportedBy ?? 'a server on the way'} ${action === 'failed' ? 'returns it' : 'is still trying'}: ${diagnostic ?? status ?? 'it does not say why'}`)
  }

  async run(until: Date): Promise<RouteResult> {
    try {
      return await this.#run(until)
    } finally {
      this.isSettled = true
      this.#settle()
    }
  }

  async #run(until: Date): Promise<RouteResult> {
    const { handed, trouble } = await this.#handed
    if (trouble || handed.outcome !== 'accepted') return this.#notTaken(handed, trouble)
    this.#accepted = true
    const { clock, keep } = this.#trip
    const sentAt = this.message.sentAt
    this.#moment('accepted', handed.at, `taken by ${handed.host}${handed.queueId === null ? '' : `, queued as ${handed.queueId}`}`)
    const imapDoors = this.#to.doors.imap
    const pop3Doors = this.#to.doors.pop3
    const earlier = this.#trip.earlier.filter(({ to }) => to === this.message.to)
    const byPop3 = !isNoDoor(pop3Doors)
    const search: Search = {
      network: this.#trip.network, clock, id: this.message.id, earlier: earlier.map(({ id }) => id), until,
      stop: () => this.#bounce?.action === 'failed',
      remove: found => !keep && (found.id !== this.message.id || !byPop3 || found.folder.kind !== 'inbox'),
    }
    const imap = isNoDoor(imapDoors) ? null : await watchImap(search, imapDoors)
    const there = imap?.found.find(({ id }) => id === search.id)
    if (there) this.#moment('imap', there.seenAt, `visible by IMAP in ${folderWords(there)}`)
    const wanted = !search.stop() && (there ? there.folder.kind === 'inbox' : true)
    const pop3 = !wanted || isNoDoor(pop3Doors) ? null : await watchPop3({ ...search, earlier: imap ? [] : search.earlier, remove: () => !keep }, pop3Doors, { once: imap !== null && imap.trouble === null && !there })
    const fetched = pop3?.found.find(({ id }) => id === search.id)
    if (fetched) this.#moment('pop3', fetched.seenAt, 'visible by POP3')
    // what POP3 did not take away, IMAP does
    if (there && !keep && there.removal === null && (fetched?.removal ?? null) === null && !isNoDoor(imapDoors)) await removeByImap(search, imapDoors, there)
    this.#noteLate([...imap?.found ?? [], ...pop3?.found ?? []], earlier)

    const arrived = there ?? fetched ?? null
    const bounce = this.#bounce
    const seen = { imap: seenBy(imap, there, imapDoors, sentAt), pop3: seenBy(pop3, fetched, pop3Doors, sentAt, there) }
    if (!arrived) return this.#notSeen(bounce, seen, [imap, pop3])
    const reading = await readDelivered(this.#trip.network, arrived.octets)
    // POP3 looks after IMAP: what came in between, at the end of the time, is not missing
    const stamp = reading.verdict.hops[0]?.at?.getTime() ?? Infinity
    if (seen.imap.state === 'missing' && imap?.trouble === null && stamp > until.getTime() - lastLook) {
      seen.imap = { state: 'unknown', seconds: null, why: 'it came when the time was over' }
    }
    this.#noteWay(reading, arrived)
    const removal = keep ? 'kept' : fetched?.removal ?? there?.removal ?? null
    const problems = [
      ...this.#deferralProblem(), ...folderProblem(arrived), ...missingProblems(seen), ...problemsOf(reading),
      ...keep || removal === 'removed' ? [] : [{
        code: 'not-removed', severity: 'notice', text: removal === 'marked' ? 'the message is only marked as deleted: without UIDPLUS its server would expunge others with it' : 'the message could not be deleted',
        remedy: `Delete it: its subject ends in ${this.message.id}.`,
      } as const],
    ]
    return this.#result('delivered', { ...seen, reading, folder: arrived.folder, problems, removal })
  }

  #notTaken(handed: HandedIn | null, trouble: Trouble | undefined): RouteResult {
    const never: Seen = { state: 'skipped', seconds: null, why: 'it was not sent' }
    const rest = { imap: never, pop3: never }
    if (trouble || !handed) {
      if (trouble?.reason !== null) return this.#result('unknown', { ...rest, unknown: { reason: trouble?.reason ?? 'connection-lost', detail: trouble?.text ?? '' } })
      return this.#result('refused', { ...rest, problems: [{ code: 'cannot-send', severity: 'error', text: `${this.#trip.from.person.label} cannot hand mail in: ${trouble.text}`, remedy: 'mailcheck check --login tells more of the server.' }] })
    }
    if (handed.outcome === 'deferred') return this.#putOff(handed, rest)
    const { reply, command, at } = handed
    const { enhanced, code } = parseSmtpReply(reply)
    this.#moment('refused', at, `refused${command === 'message' ? '' : ` at ${command}`}: ${reply.at(-1) ?? ''}`)
    return this.#result('refused', {
      ...rest, problems: [{
        code: 'refused', severity: 'error', text: `the server refuses the message (${enhanced ?? code ?? 'no code'}): ${reply.at(-1) ?? ''}`, remedy: explained(enhanced),
      }],
    })
  }

  /** Deferred to the end: a server that speaks of itself cannot take mail; one that only asks to wait might have taken it later. */
  #putOff(handed: HandedIn, rest: { imap: Seen; pop3: Seen }): RouteResult {
    this.deferred(handed)
    const { enhanced, code } = parseSmtpReply(handed.reply)
    const tries = `${this.#deferrals} ${this.#deferrals === 1 ? 'try' : 'tries'} within ${Math.round(this.#trip.timeout / 1000)} s`
    const line = handed.reply.at(-1) ?? ''
    const reason = deferralReason(handed.reply)
    if (reason !== null) return this.#result('unknown', { ...rest, unknown: { reason, detail: `the server put the message off in ${tries}: ${line}` } })
    return this.#result('refused', {
      ...rest, problems: [{ code: 'refused', severity: 'error', text: `the server did not take the message in ${tries} (${enhanced ?? code ?? 'no code'}): ${line}`, remedy: explained(enhanced) }],
    })
  }

  #notSeen(bounce: Bounce | null, seen: { imap: Seen; pop3: Seen }, looks: readonly (Looked | null)[]): RouteResult {
    if (bounce?.action === 'failed') {
      const { status, diagnostic, remote, reportedBy } = bounce
      return this.#result('bounced', {
        ...seen, bounce, problems: [...this.#deferralProblem(), {
          code: 'bounced', severity: 'error', text: `the message came back (${status ?? 'no code'}): ${diagnostic ?? 'nobody says why'}${remote === null ? '' : `, says ${remote}`}${reportedBy === null ? '' : `, as ${reportedBy} reports`}`,
          remedy: explained(status),
        }],
      })
    }
    const looked = looks.filter(look => look !== null)
    const trouble = looked.find(look => look.trouble)?.trouble
    if (looked.every(look => look.trouble !== null || !look.whole)) {
      if (trouble?.reason === null) {
        return this.#result('unknown', { ...seen, bounce, unknown: { reason: 'not-disclosed', detail: trouble.text }, problems: [{
          code: 'cannot-read', severity: 'error', text: `${this.#to.person.label} cannot read mail: ${trouble.text}`, remedy: 'mailcheck check --login tells more of the server.',
        }] })
      }
      const unseen = looked.length > 0 ? { reason: 'deadline-spent' as const, text: notWhole } : unseenOf(this.#to)
      return this.#result('unknown', { ...seen, bounce, unknown: { reason: trouble?.reason ?? unseen.reason, detail: trouble?.text ?? unseen.text } })
    }
    return this.#result('lost', {
      ...seen, bounce, problems: [...this.#deferralProblem(), {
        code: 'lost', severity: 'error', text: `the message was taken and has not come within ${Math.round(this.#trip.timeout / 1000)} s${bounce ? `; ${bounce.reportedBy ?? 'a server on the way'} still tries: ${bounce.diagnostic ?? bounce.status ?? ''}` : this.bouncesUnseen === null ? ', and nothing came back' : `; whether it came back cannot be told: ${this.bouncesUnseen}`}`,
        remedy: `Look for ${this.message.id} in the logs of the servers on the way, beginning with the one that took it. Should it come later, the next run with --state tells.`,
      }],
    })
  }

  #result(outcome: Outcome, rest: Partial<RouteResult> & Pick<RouteResult, 'imap' | 'pop3'>): RouteResult {
    const { id, from, to, sentAt } = this.message
    return {
      route: this.name, from, to, id, sentAt, outcome, unknown: null, folder: null, reading: null, bounce: null, problems: [], removal: null,
      timeline: this.#moments.toSorted((a, b) => order(a) - order(b)), ...rest,
    }
  }

  #deferralProblem(): Problem[] {
    return this.#deferrals === 0 ? [] : [{
      code: 'deferred', severity: 'notice', text: `the server took the message only after ${this.#deferrals + 1} tries`,
      remedy: 'A server that takes mail from its own people should not put them off (greylisting is for port 25).',
    }]
  }

  #noteLate(found: readonly Found[], earlier: readonly EarlierDelivery[]): void {
    for (const one of found) {
      const known = earlier.find(({ id }) => id === one.id)
      if (!known) continue
      const arrivedAt = one.arrived ?? one.seenAt
      this.late.push({ ...known, arrivedAt, seconds: between(known.sentAt, arrivedAt), folder: one.folder })
    }
  }

  /** The stamps of the servers, oldest first. */
  #noteWay({ verdict: { hops } }: Reading, arrived: Found): void {
    for (const hop of hops.toReversed()) {
      if (!hop.at) continue
      const manner = [hop.protocol ?? 'no protocol', hop.tls ? 'TLS' : 'no TLS'].join(', ')
      this.#moment('hop', hop.at, `${hop.helo ?? hop.address ?? 'somebody'} -> ${hop.by ?? 'somebody'} (${manner})`, true)
    }
    const at = arrived.arrived ?? hops[0]?.at
    if (at) this.#moment('delivered', at, `put into ${folderWords(arrived)}`, true)
  }

  #moment(stage: Stage, at: Date, text: string, stamped = false): void {
    // a stamp has whole seconds: it may lie before the moment that it follows
    const since = between(this.message.sentAt, at)
    const moment: Moment = { stage, at, seconds: stamped && since > -1 ? Math.max(0, since) : since, stamped, text }
    this.#moments.push(moment)
    this.#trip.onMoment?.(this.name, moment)
  }
}

const notWhole = 'it is not among the newest messages, and there are more than could be looked at'

/** Why nobody can look into this mailbox. */
function unseenOf({ person, doors: { imap, pop3 } }: Party): { readonly reason: Reason; readonly text: string } {
  const { reason, text } = [imap, pop3].filter(isNoDoor).find(one => one.reason !== null) ?? { reason: null, text: `${person.label} has no account of the service imaps, imap, pop3s or pop3` }
  return { reason: reason ?? 'endpoint-unknown', text }
}

/** What is stamped has whole seconds, and comes before what was seen in the same one; stages keep their order. */
function order({ stage, at }: Moment): number {
  const rank: Readonly<Record<Stage, number>> = { deferred: 0, refused: 0, accepted: 0, hop: 1, delayed: 1, bounced: 1, delivered: 2, imap: 3, pop3: 3 }
  return rank[stage] * 1e15 + at.getTime()
}

function between(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000
}

function folderWords({ folder: { name, kind } }: Found): string {
  return kind === 'inbox' ? 'the inbox' : kind === 'junk' ? `the junk folder "${name}"` : `the folder "${name}"`
}

function seenBy(look: Looked | null, found: Found | undefined, doors: readonly Door[] | NoDoor, sentAt: Date, there?: Found): Seen {
  if (found) return { state: 'seen', seconds: between(sentAt, found.seenAt), why: null }
  if (isNoDoor(doors)) return { state: doors.reason === null ? 'skipped' : 'unknown', seconds: null, why: doors.text }
  if (there && there.folder.kind !== 'inbox') return { state: 'skipped', seconds: null, why: 'POP3 shows the inbox alone' }
  if (!look) return { state: 'skipped', seconds: null, why: 'there was nothing to wait for' }
  if (look.trouble) return { state: look.trouble.reason === null ? 'missing' : 'unknown', seconds: null, why: look.trouble.text }
  if (!look.whole) return { state: 'unknown', seconds: null, why: notWhole }
  return { state: 'missing', seconds: null, why: 'it is not there' }
}

function folderProblem({ folder: { name, kind } }: Found): Problem[] {
  if (kind === 'inbox') return []
  return kind === 'junk'
    ? [{ code: 'junk', severity: 'warning', text: `the message came into the junk folder "${name}"`, remedy: 'Look at what the receiver wrote into its header, and at its rules.' }]
    : [{ code: 'other-folder', severity: 'notice', text: `the message came into the folder "${name}", not into the inbox`, remedy: 'Look at the rules of that mailbox.' }]
}

function missingProblems({ imap, pop3 }: { imap: Seen; pop3: Seen }): Problem[] {
  const remedy = 'Look whether both show the same mailbox, and whether both can be logged in to: mailcheck check --login.'
  return [
    ...imap.state === 'missing' ? [{ code: 'missing-by-imap', severity: 'error', text: `POP3 shows the message, IMAP does not: ${imap.why ?? ''}`, remedy } as const] : [],
    ...pop3.state === 'missing' ? [{ code: 'missing-by-pop3', severity: 'error', text: `IMAP shows the message, POP3 does not: ${pop3.why ?? ''}`, remedy } as const] : [],
  ]
}

function explained(code: string | null): string {
  const meaning = code === null ? null : meaningOfCode(code)
  return meaning === null ? 'Ask the postmaster of that server what it means.' : `${code ?? ''} means: ${meaning}.`
}
