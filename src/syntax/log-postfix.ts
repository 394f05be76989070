/**
 * The lines of Postfix. A program of its own for each step writes them: `smtpd` takes mail in, `qmgr` keeps the queue, `smtp`,
 * `lmtp`, `local` and others deliver; the queue id at the head says which message. What strangers choose (HELO names,
 * addresses, what other servers answer) stands inside them: fields are read from where Postfix itself wrote, never by
 * looking for their names.
 */
import { other, type DeliveryStatus, type LogEvent } from './log-event.ts'
import { enhancedOf, listOf, reasonOf } from './log-reason.ts'

const programName = /^postfix[\w.-]{0,60}(?:\/[\w.-]{1,40}){1,3}$/
/** Hexadecimal, or of digits and letters where `enable_long_queue_ids` is set; "warning" is none. */
const queueId = /^([0-9A-F]{5,20}|(?=[A-Za-z]{0,20}\d)[0-9A-Za-z]{8,24}): /
const peer = /([^\s[\]]{1,255})\[([\da-fA-F.:]{2,45}|unknown)\](?::(?:\d{1,5}|unknown))?/y
const refusal = /(?:NOQUEUE: )?(?:milter-)?reject: (?:([A-Z-]{1,20}|BODY|header|body|mime-header) (?:command )?)?from /y
const saslFailure = /: SASL ([\w-]{1,40}) authentication failed: /y
const attributes = /, relay=([^,\s]{1,400})((?:, [a-z_]{1,20}=[^,\s(]{1,80}){1,10}) \(/y
const inTls = /^(?:Anonymous|Untrusted|Trusted|Verified) TLS connection (established|reused) (from|to) (\S{1,400}): (TLSv1(?:\.\d)?|SSLv\d)\b/
const client = /^client=([^\s[\]]{1,255})\[([\da-fA-F.:]{2,45}|unknown)\](?::(?:\d{1,5}|unknown))?/
const trouble = /^(fatal|panic|error): /

/** `smtpd`, or null for what is no program of Postfix. */
export function postfixDaemon(program: string): string | null {
  return programName.test(program) ? program.slice(program.lastIndexOf('/') + 1) : null
}

/** Null for a line that is of no known form. */
export function readPostfix(daemon: string, text: string): LogEvent | null {
  const fault = trouble.exec(text)
  // these three speak of the command line that somebody typed
  if (fault) return /^(?:sendmail|post\w+|mailq)$/.test(daemon) ? other : { kind: 'trouble', level: fault[1] as 'fatal' }
  // whoever may write to syslog may call a program "constructor"
  const read = Object.hasOwn(daemons, daemon) ? daemons[daemon] : undefined
  return read ? read(text) : null
}

const quiet = (): LogEvent => other

const daemons: Readonly<Record<string, (text: string) => LogEvent | null>> = {
  smtpd: readSmtpd,
  postscreen: readPostscreen,
  cleanup: readCleanup,
  qmgr: readQueueManager,
  pickup: readPickup,
  smtp: readDelivery, lmtp: readDelivery, local: readDelivery, virtual: readDelivery, pipe: readDelivery, error: readDelivery, retry: readDelivery,
  discard: readDelivery,
  tlsproxy: text => readTls(text) ?? other,
  postsuper: readPostsuper,
  // what these say is about themselves
  ...Object.fromEntries([
    'anvil', 'bounce', 'defer', 'trace', 'scache', 'master', 'tlsmgr', 'trivial-rewrite', 'proxymap', 'verify', 'dnsblog', 'postlogd', 'flush', 'showq', 'spawn',
    'postfix-script', 'postalias', 'postmap', 'postdrop', 'postqueue', 'sendmail', 'postmulti', 'nqmgr', 'oqmgr',
  ].map(name => [name, quiet])),
}

function readSmtpd(text: string): LogEvent | null {
  if (/^(?:connect from|disconnect from|lost connection|timeout after|too many errors after|improper command pipelining|SSL_accept error|SSL_accept|setting up TLS|initializing|proxy-accept|TLS SNI|using backwards-compatible|table |dict_|Untrusted |auxpropfunc|SQL engine|discarding EHLO keywords|NOQUEUE: client=|client id )/.test(text)) {
    return readTls(text) ?? other
  }
  if (text.startsWith('warning: ')) return readWarning(text)
  const secured = readTls(text)
  if (secured) return secured
  const id = queueId.exec(text)?.[1] ?? null
  const rest = id === null ? text : text.slice(id.length + 2)
  if (id !== null && rest.startsWith('client=')) return readClient(id, rest)
  return readRefusal(id, rest) ?? (/^(?:NOQUEUE: |)(?:reject_warning|warn|hold|filter|redirect|discard|info|bcc|prepend|replace|permit|defer_if_permit|milter-hold|milter-discard|milter-quarantine|delay): /.test(rest) ? other : null)
}

function readWarning(text: string): LogEvent {
  peer.lastIndex = 9
  const [, , address = null] = peer.exec(text) ?? []
  if (address === null) return other
  saslFailure.lastIndex = peer.lastIndex
  if (!saslFailure.test(text)) return other
  const why = text.slice(saslFailure.lastIndex)
  // nobody was told that the password is wrong
  if (/^(?:Connection lost to authentication server|Temporary authentication failure|connection lost)/i.test(why)) return { kind: 'trouble', level: 'error' }
  const marker = why.indexOf('sasl_username=')
  const user = marker < 0 ? '' : why.slice(marker + 14)
  return { kind: 'login-failed', service: 'smtp', user: user === '' || user === '(unavailable)' ? null : user, address: known(address), attempts: 1, session: null, by: 'postfix' }
}

function readClient(id: string, text: string): LogEvent | null {
  const match = client.exec(text)
  if (!match) return null
  const rest = text.slice(match[0].length)
  const marker = /^(?:, sasl_method=[\w-]{1,40})?, sasl_username=/.exec(rest)
  const name = marker ? rest.slice(marker[0].length).replace(/, (?:sasl_sender|orig_queue_id|orig_client|forward)=[^]*$/, '') : ''
  return { kind: 'accepted', id, address: known(match[2] ?? ''), account: name === '' ? null : name, from: null, size: null, recipients: null }
}

/** `reject: RCPT from NAME[ADDRESS]: 554 5.7.1 …; from=<…> to=<…> proto=… helo=<…>` */
function readRefusal(id: string | null, text: string): LogEvent | null {
  refusal.lastIndex = 0
  const match = refusal.exec(text)
  if (!match) return null
  peer.lastIndex = refusal.lastIndex
  const [, , address = null] = peer.exec(text) ?? []
  // postscreen gives no name
  const bare = address === null ? /^\[([\da-fA-F.:]{2,45})\](?::\d{1,5})?/.exec(text.slice(refusal.lastIndex, refusal.lastIndex + 60)) : null
  const end = address === null ? refusal.lastIndex + (bare?.[0].length ?? 0) : peer.lastIndex
  if (address === null && !bare) return null
  if (text[end] !== ':' && text[end] !== ';') return null
  return refused({ id, stage: match[1] ?? '', address: known(address ?? bare?.[1] ?? ''), said: text.slice(end + 2) })
}

interface Refused {
  readonly id: string | null
  readonly stage: string
  readonly address: string | null
  readonly said: string
}

function refused({ id, stage, address, said }: Refused): LogEvent {
  const { reply, from, to } = takeApart(said)
  const enhanced = enhancedOf(reply)
  const words = reply.replace(/^(?:\d{3} )?(?:\d\.\d{1,3}\.\d{1,3} )?/, '')
  // whom it was about stands before what is wrong: theirs, not ours, and no reason
  const reason = reasonOf(enhanced, words.startsWith('<') ? words.slice(afterAddress(words, 0)) : words)
  return {
    kind: 'refused', stage, id, address, from, to, temporary: /^4/.test(reply), enhanced,
    reason, list: reason === 'blocklist' ? listOf(words) : null,
  }
}

/** The reply, and the envelope behind it; where a stranger wrote the like into a name, it is their own envelope that suffers. */
function takeApart(said: string): { readonly reply: string; readonly from: string | null; readonly to: string | null } {
  const start = said.indexOf('; from=<')
  if (start < 0) return { reply: said, from: null, to: null }
  const sender = said.slice(start + 7)
  const end = afterAddress(sender, 0)
  const from = sender.slice(1, end - 1)
  const next = /^,? to=/.exec(sender.slice(end, end + 6))?.[0].length
  if (next === undefined) return { reply: said.slice(0, start), from, to: null }
  return { reply: said.slice(0, start), from, to: sender.slice(end + next + 1, afterAddress(sender, end + next) - 1) }
}

/** Behind the `>` that ends the address whose `<` is at `from`; a quoted local part (RFC 5321 §4.1.2) may hold anything. */
function afterAddress(text: string, from: number): number {
  let at = from + 1
  if (text[at] === '"') {
    for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at++
  }
  const end = text.indexOf('>', at)
  return end < 0 ? text.length : end + 1
}

function readPostscreen(text: string): LogEvent | null {
  if (text.startsWith('NOQUEUE: reject: ')) return readRefusal(null, text)
  return /^(?:CONNECT|DISCONNECT|HANGUP|PASS|PREGREET|DNSBL|WHITELISTED|ALLOWLISTED|BLACKLISTED|DENYLISTED|WHITELIST VETO|ALLOWLIST VETO|COMMAND|BARE|NON-SMTP|NOQUEUE:|cache |warning:|replacing command|entering STRESS|leaving STRESS|close database)/.test(text)
    ? other : null
}

function readCleanup(text: string): LogEvent | null {
  const id = queueId.exec(text)?.[1]
  if (id === undefined) return /^(?:warning:|table |using |dict_)/.test(text) ? other : null
  const rest = text.slice(id.length + 2)
  if (rest.startsWith('milter-reject: ')) return readRefusal(id, rest)
  // a header or a body of theirs comes before all else: whose it was, the queue id tells
  if (/^reject: (?:header|body|mime-header|nested) /.test(rest)) {
    return { kind: 'refused', stage: 'END-OF-MESSAGE', id, address: null, from: null, to: null, temporary: false, enhanced: null, reason: 'policy', list: null }
  }
  return /^(?:message-id=|resent-message-id=|warning:|reject: |info:|hold:|discard:|filter:|prepend:|redirect:|replace:|strip:|bcc:|milter-[a-z]+:|uid=|delay:)/.test(rest) ? other : null
}

function readQueueManager(text: string): LogEvent | null {
  const id = queueId.exec(text)?.[1]
  if (id === undefined) return /^(?:warning:|table |using |scheduler|qmgr_)/.test(text) ? other : null
  const rest = text.slice(id.length + 2)
  if (rest === 'removed') return { kind: 'finished', id }
  // from the end: a sender may hold what looks like a size
  const queued = /^from=<([^]*)>, size=(\d{1,15}), nrcpt=(\d{1,9}) \(queue [a-z]+\)$/.exec(rest)
  if (queued) return { kind: 'queued', id, from: queued[1] ?? '', size: Number(queued[2]), recipients: Number(queued[3]) }
  if (/^from=<[^]*>, status=(?:force-)?expired, returned to sender$/.test(rest)) return delivered(id, { to: null, relay: null, status: 'expired', enhanced: '4.4.7', reason: 'expired', text: '' })
  return readRecipient(id, rest) ?? (/^(?:skipped, |warning: |from=<|removed|enabling |moved to )/.test(rest) ? other : null)
}

/** Somebody deletes a message, or has it begin anew under another queue id. */
function readPostsuper(text: string): LogEvent {
  const id = queueId.exec(text)?.[1]
  return id !== undefined && /^(?:removed|requeued)$/.test(text.slice(id.length + 2)) ? { kind: 'finished', id } : other
}

function readPickup(text: string): LogEvent | null {
  const id = queueId.exec(text)?.[1]
  if (id === undefined) return /^(?:warning:|table |using )/.test(text) ? other : null
  const [, uid] = /^uid=(\d{1,10}) from=</.exec(text.slice(id.length + 2)) ?? []
  if (uid === undefined) return text.startsWith('warning: ', id.length + 2) ? other : null
  return { kind: 'accepted', id, address: null, account: `uid ${uid}`, from: null, size: null, recipients: null }
}

function readDelivery(text: string): LogEvent | null {
  const id = queueId.exec(text)?.[1]
  if (id === undefined) {
    return readTls(text)
      ?? (/^(?:connect to |warning: |certificate verification failed|SSL_connect error|Host offered STARTTLS|TLS |server certificate|table |using |dict_|Server certificate|initializing|setting up TLS|subject_CN|\S+ (?:is )?TLSA|statistics:|mapping DSN|premature end)/.test(text) ? other : null)
  }
  const rest = text.slice(id.length + 2)
  return readRecipient(id, rest)
    ?? (/^(?:host |lost connection |Cannot start TLS|enabling PIX|conversation with |breaking SMTP|TLS is required|Server certificate|server |passed to |warning: |connect to |message size |mail for |SMTPUTF8|timed out|using |REQUIRETLS|delivery )/i.test(rest) ? other : null)
}

/** `to=<…>, relay=…, delay=…, delays=…, dsn=…, status=… (…)` */
function readRecipient(id: string, text: string): LogEvent | null {
  if (!text.startsWith('to=<')) return null
  let end = afterAddress(text, 3)
  const to = text.slice(4, end - 1)
  if (text.startsWith(', orig_to=<', end)) end = afterAddress(text, end + 10)
  attributes.lastIndex = end
  const match = attributes.exec(text)
  if (!match) return null
  const fields = new Map((match[2] ?? '').slice(2).split(', ').map(field => field.split('=', 2) as [string, string]))
  const [enhanced = '', status = '', delay = ''] = [fields.get('dsn'), fields.get('status'), fields.get('delay')]
  if (!/^[245]\.\d{1,3}\.\d{1,3}$/.test(enhanced)) return null
  if (status === 'deliverable' || status === 'undeliverable') return other // of a question whether there is such a recipient
  if (status !== 'sent' && status !== 'deferred' && status !== 'bounced' && status !== 'expired') return null
  const words = text.slice(attributes.lastIndex, text.endsWith(')') ? -1 : undefined)
  const seconds = Number(delay)
  return delivered(id, {
    to, relay: match[1] === 'none' ? null : match[1] ?? null, status, enhanced, text: words, reused: fields.has('conn_use'),
    delay: /^[\d.]{1,15}$/.test(delay) && !Number.isNaN(seconds) ? seconds : null,
  })
}

interface Delivered {
  readonly to: string | null
  readonly relay: string | null
  readonly status: DeliveryStatus
  readonly enhanced: string
  readonly text: string
  readonly reason?: 'expired'
  readonly reused?: boolean
  readonly delay?: number | null
}

function delivered(id: string, { to, relay, status, enhanced, text, reason, reused = false, delay = null }: Delivered): LogEvent {
  return {
    kind: 'delivery', id, to, relay, status, enhanced, delay, reused, tls: undefined,
    reason: status === 'sent' ? null : reason ?? reasonOf(enhanced, text),
    internal: status === 'sent' && /\[(?:127\.[\d.]+|::1)\](?::\d+)?$/.test(relay ?? '') && /queued as [0-9A-Za-z]{5,20}\b/.test(text.slice(0, 400)),
  }
}

function readTls(text: string): LogEvent | null {
  const match = inTls.exec(text)
  if (!match) return null
  const [, , way, name = '', version = ''] = match
  return { kind: 'tls', direction: way === 'to' ? 'out' : 'in', peer: name, version }
}

function known(address: string): string | null {
  return address === 'unknown' || address === '' ? null : address
}
