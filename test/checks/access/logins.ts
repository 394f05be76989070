/** Dialogues with a login: what the polite one says, and then what a client with an account says. */
import type { Row } from '../../check-table.ts'
import { imaps, pop3s, submissions } from '../transcripts.ts'

export const at = { imaps: 'mail.example.com[192.0.2.5]:993', submissions: 'mail.example.com[192.0.2.5]:465', pop3s: 'mail.example.com[192.0.2.5]:995' }
export const zone = 'mail.example.com A 192.0.2.5'
export type Service = keyof typeof at

const account = (service: Service, mechanism?: string) => ({ service, user: 'joe@example.com', password: 'env:JOE', ...(mechanism === undefined ? {} : { mechanism }) })

export const row = (service: Service, session: string, expected: string, { own = false, mechanism }: { own?: boolean; mechanism?: string } = {}): Row => ({
  zone, sessions: { [at[service]]: session }, expect: { [at[service]]: expected },
  scope: { permissions: new Set(own ? ['login', 'own'] : ['login']), accounts: [account(service, mechanism)] },
})

const polite = { imaps, submissions, pop3s }
const begins = {
  imaps: '\n  C: a2 AUTHENTICATE PLAIN\n  S: +\n  C: ***',
  submissions: '\n  C: AUTH PLAIN ***',
  pop3s: '\n  C: USER joe@example.com\n  S: +OK send it\n  C: PASS ***',
}

/** A password, and what is said to it; then `after`. */
export const login = (service: Service, reply: string, after = ''): string => `${polite[service]}${begins[service]}\n  S: ${reply}${after}`

/** What is asked for in a mailbox. */
export const mailbox = {
  imaps: (capabilities = 'IMAP4rev1', quota = ''): string => `
  C: a3 CAPABILITY
  S: * CAPABILITY ${capabilities}
  S: a3 OK done
  C: a4 STATUS INBOX (MESSAGES UIDNEXT)
  S: * STATUS INBOX (MESSAGES 3 UIDNEXT 9)
  S: a4 OK done${quota === '' ? '' : `
  C: a5 GETQUOTAROOT INBOX
  ${quota}`}
  C: a${quota === '' ? 5 : 6} LIST "" "%"
  S: * LIST () "/" INBOX
  S: a${quota === '' ? 5 : 6} OK done`,
  submissions: (): string => '',
  pop3s: (...capabilities: string[]): string => `
  C: CAPA
  S: +OK
${capabilities.map(line => `  S: ${line}\n`).join('')}  S: .
  C: STAT
  S: +OK 2 320
  C: UIDL 1
  S: +OK 1 abc
  C: UIDL 2
  S: +OK 2 abd`,
}
