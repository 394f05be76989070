import { defineCheck, fail } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { imapServices, lacking } from '../imap-offer.ts'

export default defineCheck({
  id: 'imap/several-devices-served',
  title: 'IMAP serves several devices well: they agree on folders, move mail safely and catch up quickly',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 6154', 'RFC 6851', 'RFC 4315', 'RFC 7162'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, imapServices),
  nothing: 'no IMAP service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, imapServices),
  judge(held) {
    const found = lacking(held, wanting)
    return found.verdict === 'lacks' ? fail('failed', { endpoint: held.name, capabilities: found.capabilities }, ...found.evidence) : found
  },
  messages: {
    failed: '{endpoint} lacks {capabilities}',
  },
  explain: `Without SPECIAL-USE each device makes a folder of its own for sent and deleted mail; without MOVE and UIDPLUS a
    broken connection leaves mail twice or not at all; without CONDSTORE each device reads through the whole mailbox to catch up.`,
  remedy: ({ endpoint: { host } }, _facts, { capabilities }) => ({
    text: `Enable ${Array.isArray(capabilities) ? capabilities.join(', ') : ''} of the IMAP server on ${host}, and mark the folders for sent, `
      + 'deleted and unfinished mail there (Dovecot: special_use).',
  }),
})

/** RFC 9051, Appendix E: IMAP4rev2 includes the first three. */
function wanting(listed: ReadonlySet<string>): string[] {
  const included = listed.has('IMAP4REV2') ? [] : ['SPECIAL-USE', 'MOVE', 'UIDPLUS']
  const missing = included.filter(name => !listed.has(name))
  return listed.has('CONDSTORE') || listed.has('QRESYNC') ? missing : [...missing, 'CONDSTORE']
}
