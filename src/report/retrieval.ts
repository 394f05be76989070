/** What IMAP and POP3 of a domain are good for, from what the servers say, in words for people who do not know the protocols. */
import type { Mailbox } from '../probes/mailbox.ts'
import type { Reply } from '../probes/session.ts'
import { imapCapabilities, parseImapStatus } from '../syntax/imap.ts'
import { quotaResources } from '../syntax/imap-quota.ts'
import { isOk, pop3Capabilities, pop3Policy } from '../syntax/pop3.ts'
import type { WorkingService } from './settings.ts'
import { sentenceList } from './vantage.ts'

/** Sentences: which to hand out first, then what each can do. Empty when neither works. */
export function retrievalAdvice(working: readonly WorkingService[]): string[] {
  const imap = working.find(({ session }) => session.protocol === 'imap')
  const pop3 = working.find(({ session }) => session.protocol === 'pop3')
  return [
    ...(imap || pop3 ? [recommendation(imap !== undefined, pop3 !== undefined)] : []),
    ...(imap ? [aboutImap(imap)] : []),
    ...(pop3 ? [aboutPop3(pop3, working.filter(other => other !== pop3 && other.session.protocol === 'pop3'))] : []),
  ]
}

function recommendation(imap: boolean, pop3: boolean): string {
  if (imap && pop3) return 'Hand out IMAP. POP3 is for one device that is to hold all mail itself, or for a program that collects mail from several mailboxes.'
  if (imap) return 'Hand out IMAP: it is all that is offered, and what telephones and mail programs expect.'
  return 'POP3 is all that is offered: let people set their programs to leave mail on the server, and keep backups of their devices.'
}

/** What a household of several devices misses, or has: shown, not shown before login, or known to be absent after it. */
interface Trait {
  readonly there: boolean
  readonly shown: string
  readonly untold: string
  readonly absent: string
}

function aboutImap({ offer, mailbox }: WorkingService): string {
  const listed = new Set([...imapCapabilities(offer), ...imapCapabilities(mailbox?.offer ?? [])])
  const modern = listed.has('IMAP4REV2')
  const has = (name: string): boolean => listed.has(name)
  const traits: readonly Trait[] = [
    {
      there: modern || has('IDLE'), shown: 'New mail appears at once.',
      untold: 'whether new mail appears at once', absent: 'New mail appears when a program asks for it, every few minutes.',
    },
    {
      there: modern || (has('SPECIAL-USE') && has('MOVE') && has('UIDPLUS')),
      shown: 'Several devices agree on the folders for sent and deleted mail, and move messages safely.',
      untold: 'whether devices agree on folders and move messages safely',
      absent: 'Devices may disagree on the folders for sent and deleted mail, or copy and delete where they should move.',
    },
    {
      there: has('CONDSTORE') || has('QRESYNC'), shown: 'Large mailboxes are brought up to date quickly.',
      untold: 'whether large mailboxes are brought up to date quickly', absent: 'Large mailboxes take their time to be brought up to date.',
    },
    {
      there: [...listed].some(name => name === 'QUOTA' || name.startsWith('QUOTA=')), shown: 'Programs can show how full the mailbox is.',
      untold: 'whether programs can show how full the mailbox is', absent: 'Programs cannot show how full the mailbox is.',
    },
  ]
  const after = mailbox?.offer !== undefined
  const open = after ? [] : traits.filter(({ there }) => !there).map(({ untold }) => untold)
  return [
    'IMAP: mail stays on the server, and telephone, computer and web mail show the same.',
    ...traits.flatMap(({ there, shown, absent }) => (there ? [shown] : after ? [absent] : [])),
    ...(open.length > 0 ? [`Not told before login: ${open.join('; ')}.`] : []),
    ...(mailbox ? [folderWords(mailbox, modern || has('SPECIAL-USE')), fullness(mailbox)] : []),
  ].filter(words => words !== '').join(' ')
}

const uses: Readonly<Record<string, string>> = { '\\sent': 'sent mail', '\\drafts': 'drafts', '\\trash': 'deleted mail', '\\junk': 'junk', '\\archive': 'the archive' }

/** RFC 6154 §2: which folders are marked for what, in the mailbox that was logged in to. */
function folderWords({ folders }: Mailbox, special: boolean): string {
  if (!special || !folders || parseImapStatus(folders.at(-1) ?? '').status !== 'OK') return ''
  const marks = folders.flatMap(line => /^\* LIST \(([^)]*)\)/i.exec(line)?.[1]?.toLowerCase().split(' ') ?? [])
  const marked = Object.entries(uses).filter(([mark]) => marks.includes(mark)).map(([, use]) => use)
  return marked.length === 0 ? 'No folder of the mailbox is marked for sent or deleted mail yet: each device makes its own.'
    : `Folders are marked for ${sentenceList(marked)}.`
}

function fullness({ quota }: Mailbox): string {
  const storage = quotaResources(quota ?? []).find(({ name, limit }) => name === 'STORAGE' && limit > 0)
  return storage ? `The mailbox that was logged in to is ${Math.round(100 * storage.used / storage.limit)} % full.` : ''
}

function aboutPop3({ offer, mailbox }: WorkingService, others: readonly WorkingService[]): string {
  const words = ['POP3: mail is fetched to the device that asks first.']
  const listed = new Map([...pop3Capabilities(offer), ...pop3Capabilities(mailbox?.offer ?? [])])
  if (listed.size === 0) return [...words, 'The server does not say what else it can do.'].join(' ')
  words.push(listed.has('UIDL')
    ? 'The server numbers its messages, so that a program can leave them there and fetch only what is new.'
    : 'The server does not number its messages: a program that leaves them there fetches all of them each time.')
  words.push(...numbering(mailbox, others))
  const expire = pop3Policy(listed.get('EXPIRE'))
  if (expire?.value === 'NEVER') words.push('What is left there stays.')
  else if (expire?.value === 0) words.push(`What was fetched may be deleted${expire.perUser ? ', which differs by person' : ''}: the only copy is then on that device.`)
  else if (typeof expire?.value === 'number') words.push(`What is left there may be deleted after ${expire.value} days${expire.perUser ? ' or later, which differs by person' : ''}.`)
  else words.push('How long it stays there is not said.')
  const delay = pop3Policy(listed.get('LOGIN-DELAY'))
  if (typeof delay?.value === 'number' && delay.value > 0) words.push(`${delay.perUser ? 'Up to ' : ''}${delay.value} seconds have to pass between two logins.`)
  return words.join(' ')
}

/** RFC 1939 §7: the numbers of two messages differ, and that of one message is the same in the next session. */
function numbering(mailbox: Mailbox | undefined, others: readonly WorkingService[]): string[] {
  const first = numberIn(mailbox?.uidl)
  if (first === null) return mailbox?.uidl && !isOk(mailbox.uidl[0]) ? ['After the login it did not number them.'] : []
  const second = numberIn(mailbox?.uidl2)
  if (second === first) return ['But two messages had the same number: a program that leaves mail on the server takes one for the other.']
  const again = others.map(other => numberIn(other.mailbox?.uidl)).find(number => number !== null)
  if (again === undefined) return []
  return [again === first ? 'In two logins the numbers were the same.' : 'But the numbers changed from one login to the next: everything is then fetched again.']
}

/** `+OK 1 000a5f`, of one message. */
function numberIn(reply: Reply | undefined): string | null {
  return /^\+OK \d+ (\S{1,70})$/i.exec(reply?.[0] ?? '')?.[1] ?? null
}
