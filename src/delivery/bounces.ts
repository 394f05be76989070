/**
 * Reports on messages that could not be delivered: they come back to the sender's own mailbox (RFC 3464), and say whose they
 * are by the name of the envelope, or by the header of the message that they return.
 */
import { visitImap } from '../mailbox/imap-mailbox.ts'
import { visitPop3 } from '../mailbox/pop3-maildrop.ts'
import { visitFirst, type Door } from '../mailbox/visit.ts'
import type { Network } from '../network/network.ts'
import { parseDeliveryStatus, type RecipientStatus } from '../syntax/delivery-status.ts'
import { isId } from './test-message.ts'
import { troubleOf, type Trouble } from './trouble.ts'

export interface Bounce extends RecipientStatus {
  readonly id: string
  readonly reportedBy: string | null
  readonly seenAt: Date
}

const longestReport = 256 * 1024
const mostReports = 25

export interface BounceLook {
  readonly bounces: readonly Bounce[]
  /** Why there may be more. */
  readonly trouble: Trouble | null
}

/** Looks once. A report that is final is removed, as the message itself would have been: it has the same id. */
export async function lookForBounces(network: Network, { imap, pop3 }: { readonly imap: readonly Door[]; readonly pop3: readonly Door[] }, ids: readonly string[], keep: boolean): Promise<BounceLook> {
  const bounces: Bounce[] = []
  const take = (octets: string): boolean => {
    const bounce = bounceIn(octets, ids, network.now())
    if (bounce) bounces.push(bounce)
    return bounce?.action === 'failed' && !keep
  }
  const visited = await (imap.length > 0
    ? visitFirst(imap, door => visitImap(network, door, async mailbox => {
      const opened = await mailbox.open('INBOX')
      const found = new Set<number>()
      for (const id of ids.filter(isId)) for (const uid of (await mailbox.search(`SINCE ${since(network.now())} TEXT "${id}"`)).slice(-mostReports)) found.add(uid)
      const remove: number[] = []
      for (const uid of found) {
        const fetched = await mailbox.fetch(uid, longestReport)
        if (fetched && take(fetched.octets)) remove.push(uid)
      }
      if (remove.length === 0) return
      const { uidValidity } = await mailbox.open('INBOX', { change: true })
      // else the UIDs are those of other messages by now (RFC 9051 §2.3.1.1)
      if (uidValidity !== null && uidValidity === opened.uidValidity) for (const uid of remove) await mailbox.remove(uid)
    }))
    : visitFirst(pop3, door => visitPop3(network, door, async maildrop => {
      for (const { number, size } of (await maildrop.list()).toReversed().slice(0, mostReports)) {
        if (size <= longestReport && /^content-type:\s*multipart\/report/im.test(await maildrop.header(number)) && take(await maildrop.message(number))) await maildrop.remove(number)
      }
    })))
  return { bounces, trouble: visited ? troubleOf(visited) : null }
}

/** The report in a message, if it is on one of these. */
export function bounceIn(octets: string, ids: readonly string[], seenAt: Date): Bounce | null {
  const status = parseDeliveryStatus(octets)
  const recipient = status?.recipients.find(({ action }) => action === 'failed') ?? status?.recipients.find(({ action }) => action === 'delayed')
  if (!status || !recipient) return null
  const id = ids.find(one => status.envelope === one) ?? ids.find(one => octets.includes(one))
  return id === undefined ? null : { ...recipient, id, reportedBy: status.reportedBy, seenAt }
}

/** Yesterday, as IMAP writes days (RFC 9051 §6.4.4): the server's day may be another than ours. */
function since(now: Date): string {
  const [, day = '', month = '', year = ''] = /^\w+, (\d+) (\w+) (\d+)/.exec(new Date(now.getTime() - 86_400_000).toUTCString()) ?? []
  return `${Number(day)}-${month}-${year}`
}
