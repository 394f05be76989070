/** Looking for messages by their ids: in the inbox and the junk folders over IMAP, in the maildrop over POP3. */
import { junkFolders, visitImap, type ImapMailbox, type Removal } from '../mailbox/imap-mailbox.ts'
import { visitPop3, type MaildropEntry, type Pop3Maildrop } from '../mailbox/pop3-maildrop.ts'
import { Refusal, visitFirst, type Door, type Visit } from '../mailbox/visit.ts'
import type { Network } from '../network/network.ts'
import { idField, isId } from './test-message.ts'
import { troubleOf, type Trouble } from './trouble.ts'

export interface Clock {
  now(): Date
  /** Resolves earlier when the signal says so. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export type FolderKind = 'inbox' | 'junk' | 'other'

export interface Found {
  readonly id: string
  readonly folder: { readonly name: string; readonly kind: FolderKind }
  readonly seenAt: Date
  /** When its server took it in, as it says. */
  readonly arrived: Date | null
  /** One character an octet; the beginning of a message that is too long. */
  readonly octets: string
  removal: Removal | 'kept' | null
}

export interface Search {
  readonly network: Network
  readonly clock: Clock
  /** The message that is waited for; '' when there is none. */
  readonly id: string
  /** Others that are welcome, too. */
  readonly earlier: readonly string[]
  readonly until: Date
  /** True: nobody needs to wait any longer. */
  readonly stop: () => boolean
  /** What becomes of a message that was found. */
  readonly remove: (found: Found) => boolean
}

export interface Looked {
  readonly found: readonly Found[]
  /** Why the last visit broke off. */
  readonly trouble: Trouble | null
  /** Was everything there looked at? */
  readonly whole: boolean
}

/** Ours are short; what its way adds rarely comes to a tenth of this. */
const longestMessage = 256 * 1024
const mostFolders = 40
const mostEarlier = 20
/** Milliseconds between two looks, longer each time. */
const steps = [1000, 2000, 3000, 5000, 8000, 15_000]
/** Before another visit, after one that broke off. */
const respite = 10_000

/** Waits by IMAP until the message is there or the time is over, in as few visits as it takes. */
export async function watchImap(search: Search, doors: readonly Door[]): Promise<Looked> {
  const found: Found[] = []
  return visits(search, doors, found, (network, door) => visitImap(network, door, mailbox => watchFolders(mailbox, search, found)))
}

/** The same by POP3, where each look is a visit of its own. */
export async function watchPop3(search: Search, doors: readonly Door[], { once = false } = {}): Promise<Looked> {
  const found: Found[] = []
  const known = new Set<string>()
  let whole = true
  for (let i = 0; ; i++) {
    let delay = 0
    const { trouble } = await visits({ ...search, stop: () => true }, doors, found, async (network, door) => {
      const before = found.length
      const visited = await visitPop3(network, door, async maildrop => {
        delay = maildrop.loginDelay
        whole = await lookThrough(maildrop, search, found, known)
      })
      // only a QUIT that is answered has removed anything (RFC 1939 §6)
      if (visited.refused || visited.failure) for (const one of found.slice(before)) one.removal = null
      return visited
    })
    const left = search.until.getTime() - search.clock.now().getTime()
    if (has(found, search.id) || search.stop() || once || left <= 0 || (trouble !== null && !trouble.passing)) return { found, trouble, whole }
    await search.clock.pause(Math.min(left, Math.max(delay * 1000, respite, steps[i] ?? 30_000)))
  }
}

async function visits(search: Search, doors: readonly Door[], found: readonly Found[], visit: (network: Network, door: Door) => Promise<Visit>): Promise<Looked> {
  const { network, clock, id, until, stop } = search
  for (;;) {
    const visited = await visitFirst(doors, door => visit(network, door))
    const trouble = visited ? troubleOf(visited) : null
    const left = until.getTime() - clock.now().getTime()
    if (has(found, id) || trouble === null || !trouble.passing || stop() || left <= 0) return { found, trouble: has(found, id) ? null : trouble, whole: true }
    await clock.pause(Math.min(left, respite))
  }
}

function has(found: readonly Found[], id: string): boolean {
  return found.some(one => one.id === id)
}

async function watchFolders(mailbox: ImapMailbox, search: Search, found: Found[]): Promise<void> {
  const { clock, id, until, stop } = search
  const folders = await mailbox.folders().catch((error: unknown) => {
    if (error instanceof Refusal) return []
    throw error
  })
  const junk = junkFolders(folders).slice(0, 3).map(({ name }): Found['folder'] => ({ name, kind: 'junk' }))
  const usual: Found['folder'][] = [{ name: 'INBOX', kind: 'inbox' }, ...junk]
  let ids = [...id === '' ? [] : [id], ...search.earlier.slice(0, mostEarlier)]
  for (let i = 0; ; i++) {
    for (const folder of usual) await lookInto(mailbox, folder, ids.filter(one => !has(found, one)), search, found)
    if (id === '' || has(found, id)) return
    if (stop() || clock.now() >= until) break
    ids = [id]
    await mailbox.open('INBOX')
    await mailbox.wait(Math.min(steps[i] ?? 15_000, Math.max(1, until.getTime() - clock.now().getTime())), pause => clock.pause(pause))
  }
  // a rule may have put it somewhere else: looked at once, before it is called lost
  const rest = folders.filter(({ name, attributes }) => !usual.some(one => one.name.toUpperCase() === name.toUpperCase()) && !attributes.includes('\\NOSELECT') && !attributes.includes('\\ALL'))
  for (const { name } of rest.slice(0, mostFolders)) await lookInto(mailbox, { name, kind: 'other' }, [id], search, found)
}

async function lookInto(mailbox: ImapMailbox, folder: Found['folder'], ids: readonly string[], search: Search, found: Found[]): Promise<void> {
  try {
    await mailbox.open(folder.name)
  } catch (error) {
    if (error instanceof Refusal && folder.kind !== 'inbox') return
    throw error
  }
  for (const id of ids.filter(isId)) {
    const [uid] = await mailbox.search(`HEADER ${idField} "${id}"`)
    const fetched = uid === undefined ? null : await mailbox.fetch(uid, longestMessage)
    if (uid === undefined || !fetched || !bears(fetched.octets, id)) continue
    const one: Found = { id, folder, seenAt: search.clock.now(), arrived: fetched.arrived, octets: fetched.octets, removal: null }
    found.push(one)
    if (!search.remove(one)) continue
    await orRefused(() => removeThis(mailbox, one))
    if (id !== search.id) await mailbox.open(folder.name)
  }
}

/** Removes a message that an earlier visit has seen. */
export async function removeByImap(search: Search, doors: readonly Door[], found: Found): Promise<Looked> {
  return visits({ ...search, stop: () => true, id: '' }, doors, [], (network, door) => visitImap(network, door, mailbox => removeThis(mailbox, found)))
}

/** Asked for again by its id: a UID alone may have come to mean another message. */
async function removeThis(mailbox: ImapMailbox, found: Found): Promise<void> {
  await mailbox.open(found.folder.name, { change: true })
  for (const uid of (await mailbox.search(`HEADER ${idField} "${found.id}"`)).slice(0, mostCopies)) {
    const header = await mailbox.header(uid)
    if (header !== null && bears(header, found.id)) found.removal = await mailbox.remove(uid)
  }
}

/** What a server will not remove stays, and is told of; there may be more to look for. */
async function orRefused(act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

/** A message that was handed in once may come twice. */
const mostCopies = 5

/** Newest first: so many of a full maildrop are looked at in one visit, and the next visit goes on with the others. */
const mostHeaders = 25

/** True: everything was looked at, in this visit or in those that left `known`. */
async function lookThrough(maildrop: Pop3Maildrop, search: Search, found: Found[], known: Set<string>): Promise<boolean> {
  // without UIDL, nothing tells one session's messages from another's
  const nameOf = ({ uid, size, number }: MaildropEntry): string => uid === null ? `${number}` : `${size} ${uid}`
  // what is longer is not ours, and where there is no TOP, all of it would come
  const unknown = (await maildrop.list()).toReversed().filter(entry => entry.size <= longestMessage && (entry.uid === null || !known.has(nameOf(entry))))
  const ids = [...search.id === '' ? [] : [search.id], ...search.earlier.slice(0, mostEarlier)]
  for (const entry of unknown.slice(0, mostHeaders)) {
    const { number } = entry
    const header = await maildrop.header(number)
    known.add(nameOf(entry))
    const id = ids.find(one => !has(found, one) && isId(one) && bears(header, one))
    if (id === undefined) continue
    const octets = await maildrop.message(number)
    const one: Found = { id, folder: { name: 'INBOX', kind: 'inbox' }, seenAt: search.clock.now(), arrived: null, octets, removal: null }
    found.push(one)
    if (search.remove(one)) await orRefused(async () => {
      await maildrop.remove(number)
      one.removal = 'removed'
    })
    if (id === search.id) break
  }
  return unknown.length <= mostHeaders
}

/** Does the header of the message have our field with this id? */
function bears(message: string, id: string): boolean {
  const end = message.indexOf('\r\n\r\n')
  const header = end < 0 ? message : message.slice(0, end)
  return `\r\n${header}\r\n`.toLowerCase().includes(`\r\n${idField.toLowerCase()}: ${id}\r\n`)
}
