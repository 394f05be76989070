import type { Reply } from '../../probes/session.ts'
import { quotaResources } from '../../syntax/imap-quota.ts'
import { imapRefusal, parseImapStatus } from '../../syntax/imap.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause, type Skip, type Unknown } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { hiddenServices } from '../found-services.ts'
import { imapServices } from '../imap-offer.ts'
import { loginSubjects, outcomeOf } from '../login.ts'

/** Percent of the quota. */
const full = 90

export default defineCheck({
  id: 'imap/quota-not-exhausted',
  title: 'The mailboxes of your accounts have room for more mail',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 9208 §4'],
  needs: ['serviceSessions', 'logins'],
  requires: 'login',
  over: ({ serviceSessions, logins }) => loginSubjects(serviceSessions, logins).filter(({ session }) => session.protocol === 'imap'),
  nothing: 'no account of an IMAP service is configured',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, imapServices),
  judge(subject) {
    let aside: Skip | Unknown | undefined
    let known = false
    for (const login of subject.here.logins) {
      const reply = login.mailbox?.quota
      if (!reply) {
        const outcome = outcomeOf(subject, login)
        aside ??= outcome.state === 'aside' ? outcome.because
          : outcome.state !== 'in' ? skip('the login does not work')
          : login.failure ? unknownBecause(login.failure) : skip('the server tells no quota')
        continue
      }
      const [storage] = quotaResources(reply).filter(({ name, limit }) => name === 'STORAGE' && limit > 0).toSorted((a, b) => b.used / b.limit - a.used / a.limit)
      if (!storage) {
        aside ??= parseImapStatus(reply.at(-1) ?? '').status === 'OK' ? skip('the mailbox has no quota') : refused(reply, subject.endpoint.address)
        continue
      }
      known = true
      const percent = Math.floor(storage.used / storage.limit * 100)
      if (percent >= full) return fail('failed', { account: login.user, percent, limit: inWords(storage.limit) }, ...linesSeen(subject, reply))
    }
    return known || !aside ? pass : aside
  },
  messages: {
    failed: '{account} uses {percent} % of {limit}',
  },
  explain: `When the mailbox is full, the server refuses what comes next, and whoever wrote it is told that the mail did not
    arrive. The owner of the mailbox hears nothing.`,
  remedy: (_subject, _facts, { account }) => ({ text: `Delete mail of ${String(account)}, empty its trash, or raise the quota.` }),
})

function refused(reply: Reply, server: string): Skip | Unknown {
  const words = `the server answers GETQUOTAROOT with "${reply.at(-1) ?? ''}"`
  const reason = imapRefusal(reply, { server })
  return reason ? unknown(reason, words) : skip(words)
}

/** RFC 9208 §5.1: STORAGE counts units of 1024 octets. */
function inWords(limit: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const
  let amount = limit
  let unit = 0
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024
    unit++
  }
  return `${Number(amount.toFixed(1))} ${units[unit] ?? 'TiB'}`
}
