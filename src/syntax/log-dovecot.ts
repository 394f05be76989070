/**
 * The lines of Dovecot. Its login services tell who logged in (`imap-login: Login: user=<…>, method=…, rip=…`) and who gave up;
 * with `auth_verbose` its auth service tells every single failure, of Postfix’s clients as well. A user name may hold whatever
 * somebody typed, so that all other fields are read from the end of the line.
 */
import { other, type LogEvent, type LoginService } from './log-event.ts'

/** What the line is of: `imap-login: `, `imap(joe)<12><session>: `, `auth-worker(12): `. */
const service = /^([a-z][a-z0-9-]{1,30})(?=: |[(<])/
const services: Readonly<Record<string, LoginService>> = {
  'imap-login': 'imap', 'pop3-login': 'pop3', 'managesieve-login': 'sieve', 'submission-login': 'smtp', 'imap-urlauth-login': 'imap',
}
const others = new Set([
  'imap', 'pop3', 'lmtp', 'lda', 'managesieve', 'submission', 'doveadm', 'master', 'config', 'stats', 'anvil', 'log', 'dict', 'ssl-params', 'indexer', 'indexer-worker',
  'auth', 'auth-worker', 'replicator', 'aggregator', 'director', 'ipc', 'quota-status', 'old-stats', 'script', 'dns-client', 'imap-hibernate', 'imap-urlauth', 'health-check', 'deliver', 'welcome', 'quota-warning',
])
/**
 * From `user=<…>` on, in the default of `login_log_format_elements`. An element ends where the next one begins, and nowhere else:
 * a name may hold any number of what looks like one.
 */
const login = /^user=<([^]*)>(?:, method=([\w-]{1,40}))?, rip=([\da-fA-F.:]{2,45}), lip=[\da-fA-F.:]{2,45}(?:, (?:mpid=\d{1,10}|(?:[^<>=,]|,(?! )){1,300}))*(?:, session=<([^<>\s]{1,100})>)?$/
const attempted = /\(auth failed, (\d{1,6}) attempts? in /
/** Nobody was told that the password is wrong: it could not be found out. */
const undecided = /\((?:auth service reported temporary failure|auth process communication failure)/
/** The name of a user stands only behind a service that nobody reaches without having logged in, or without being there. */
const fault = /^(?:[a-z][a-z0-9-]{1,30}(?:\(\d{1,10}\))?|(?:imap|pop3|lmtp|lda|managesieve|submission|indexer-worker)\([^()<>]{1,400}\)(?:<\d{1,10}>)?(?:<[^<>\s]{1,100}>)?): (Fatal|Panic): /
/**
 * `passwd-file(joe,192.0.2.1,<session>): Password mismatch`. A name with a bracket or comma in it is not taken for one: what
 * follows it could be made up; the login service tells of that failure as well. Without an address it was no login.
 */
const failure = new RegExp(
  '^(?:auth|auth-worker\\(\\d{1,10}\\)): (?:conn unix:[^():]{0,100}\\([^()]{0,80}\\): auth-worker<\\d{1,10}>: )?[a-z0-9-]{1,30}' +
  '\\(([^(),<>]{0,400}),([\\da-fA-F.:]{2,45})(?:,<([^<>\\s]{1,100})>)?\\): ' +
  '(?:[Pp]assword mismatch|[Uu]nknown user|[Uu]ser not found|pam_authenticate\\(\\) failed|[Ii]nvalid credentials|[Ll]ogin failed|[Cc]redentials? mismatch)')
/** The same in Dovecot 2.4. */
const newFailure = /^auth(?:-worker)?\(([^(),<>]{0,400}),([\da-fA-F.:]{2,45})(?:,sasl:[\w-]{1,40})?\)(?:<([^<>\s]{1,100})>)?: (?:[a-z0-9-]{1,30}: )?(?:[Pp]assword mismatch|[Uu]nknown user|[Ii]nvalid credentials)/
/** Where a name ends, as Dovecot writes it: behind a failure, the name that was typed holds the failure. */
const nameEnds = /,[\da-fA-F.:]{2,45}(?:,(?:<[^<>\s]{1,100}>|sasl:[\w-]{1,40}))?\)(?:<[^<>\s]{1,100}>)?: /

export function isDovecot(program: string): boolean {
  return program === 'dovecot' || program.startsWith('dovecot/')
}

/** Null for a line that is of no known form. */
export function readDovecot(text: string): LogEvent | null {
  const [, name = ''] = service.exec(text) ?? []
  const level = fault.exec(text)?.[1]
  if (level !== undefined) return { kind: 'trouble', level: level === 'Panic' ? 'panic' : 'fatal' }
  const kind = Object.hasOwn(services, name) ? services[name] : undefined
  if (kind !== undefined) return readLogin(kind, text.slice(name.length + 2))
  if (name === 'auth' || name === 'auth-worker') return readAuth(text) ?? other
  return others.has(name) ? other : null
}

function readLogin(kind: LoginService, text: string): LogEvent | null {
  const from = text.indexOf('user=<')
  const told = from < 0 ? null : login.exec(text.slice(from))
  const head = from < 0 ? text : text.slice(0, from)
  const address = told?.[3] ?? null
  if (/^(?:Login|Logged in): $/.test(head)) return told && told[1] !== '' ? { kind: 'login', service: kind, user: told[1] ?? '', address } : null
  if (undecided.test(head)) return { kind: 'trouble', level: 'error' }
  const count = attempted.exec(head)?.[1]
  if (count !== undefined) {
    if (!told) return null
    const user = told[1] ?? ''
    return { kind: 'login-failed', service: kind, user: user === '' ? null : user, address, attempts: Number(count), session: told[4] ?? null, by: 'dovecot' }
  }
  return /^(?:Disconnected|Aborted login|Login aborted|Logged out|Login:|Logged in|Maximum number of connections|proxy|Warning: |Error: |Debug: |Info: |TLS |Timeout|Connection closed)/.test(text) ? other : null
}

/** Null for what tells of no failure. */
function readAuth(text: string): LogEvent | null {
  const match = failure.exec(text) ?? newFailure.exec(text)
  if (!match || nameEnds.test(text.slice(match[0].length))) return null
  const [, user = '', address = null, session = null] = match
  return { kind: 'login-failed', service: 'other', user: user === '' ? null : user, address, attempts: 1, session, by: 'dovecot-auth' }
}
