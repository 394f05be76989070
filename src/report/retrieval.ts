/** What IMAP and POP3 of a domain are good for, from what the servers say, in words for people who do not know the protocols. */
import { imapCapabilities } from '../syntax/imap.ts'
import { pop3Capabilities, pop3Policy } from '../syntax/pop3.ts'
import type { WorkingService } from './settings.ts'

/** Sentences: which to hand out first, then what each can do. Empty when neither works. */
export function retrievalAdvice(working: readonly WorkingService[]): string[] {
  const imap = working.find(({ session }) => session.protocol === 'imap')
  const pop3 = working.find(({ session }) => session.protocol === 'pop3')
  return [
    ...(imap || pop3 ? [recommendation(imap !== undefined, pop3 !== undefined)] : []),
    ...(imap ? [aboutImap(imap)] : []),
    ...(pop3 ? [aboutPop3(pop3)] : []),
  ]
}

function recommendation(imap: boolean, pop3: boolean): string {
  if (imap && pop3) return 'Hand out IMAP. POP3 is for one device that is to hold all mail itself, or for a program that collects mail from several mailboxes.'
  if (imap) return 'Hand out IMAP: it is all that is offered, and what telephones and mail programs expect.'
  return 'POP3 is all that is offered: let people set their programs to leave mail on the server, and keep backups of their devices.'
}

function aboutImap({ offer }: WorkingService): string {
  const listed = imapCapabilities(offer)
  const modern = listed.has('IMAP4REV2')
  const has = (name: string): boolean => listed.has(name)
  const words = ['IMAP: mail stays on the server, and telephone, computer and web mail show the same.']
  const untold: string[] = []
  if (modern || has('IDLE')) words.push('New mail appears at once.')
  else untold.push('whether new mail appears at once')
  if (modern || (has('SPECIAL-USE') && has('MOVE') && has('UIDPLUS'))) {
    words.push('Several devices agree on the folders for sent and deleted mail, and move messages safely.')
  } else untold.push('whether devices agree on folders and move messages safely')
  if (has('CONDSTORE') || has('QRESYNC')) words.push('Large mailboxes are brought up to date quickly.')
  else untold.push('whether large mailboxes are brought up to date quickly')
  if (has('QUOTA')) words.push('Programs can show how full the mailbox is.')
  else untold.push('whether programs can show how full the mailbox is')
  if (untold.length > 0) words.push(`Not told before login: ${untold.join('; ')}.`)
  return words.join(' ')
}

function aboutPop3({ offer }: WorkingService): string {
  const words = ['POP3: mail is fetched to the device that asks first.']
  const listed = pop3Capabilities(offer)
  if (listed.size === 0) return [...words, 'The server does not say what else it can do.'].join(' ')
  words.push(listed.has('UIDL')
    ? 'The server numbers its messages, so that a program can leave them there and fetch only what is new.'
    : 'The server does not number its messages: a program that leaves them there fetches all of them each time.')
  const expire = pop3Policy(listed.get('EXPIRE'))
  if (expire?.value === 'NEVER') words.push('What is left there stays.')
  else if (expire?.value === 0) words.push(`What was fetched may be deleted${expire.perUser ? ', which differs by person' : ''}: the only copy is then on that device.`)
  else if (typeof expire?.value === 'number') words.push(`What is left there may be deleted after ${expire.value} days${expire.perUser ? ' or later, which differs by person' : ''}.`)
  else words.push('How long it stays there is not said.')
  const delay = pop3Policy(listed.get('LOGIN-DELAY'))
  if (typeof delay?.value === 'number' && delay.value > 0) words.push(`${delay.perUser ? 'Up to ' : ''}${delay.value} seconds have to pass between two logins.`)
  return words.join(' ')
}
