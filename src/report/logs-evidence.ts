/**
 * A line of a log as evidence: as it stands there, for who asked to see names; else told again from what was read in it, so
 * that no name can be left over in a corner of it. A password is shown to nobody.
 */
import type { LogEvidence } from '../logs/finding.ts'
import type { Names } from '../logs/names.ts'
import { visible } from './visible.ts'

const longest = 400
/** What Dovecot adds to a failure where `auth_verbose_passwords` is set: more often than not the right password with a slip in it. */
const password = /(given password: )[^]+/

export function logEvidenceText(evidence: LogEvidence, names: Names): string {
  const { entry: { program, text } } = evidence
  if (!names.shown) return `${visible(program.slice(0, 60))}: ${retold(evidence, names)}`
  const shown = text.replace(password, '$1***)')
  return `${visible(program.slice(0, 60))}: ${visible(shown.slice(0, longest))}${shown.length > longest ? '…' : ''}`
}

function retold({ event }: LogEvidence, names: Names): string {
  const of = (address: string | null): string => (address === null ? '' : ` from ${names.address(address)}`)
  const as = (account: string | null): string => (account === null ? '' : ` as ${visible(names.account(account))}`)
  const to = (address: string | null): string => (address === null ? '' : ` for ${visible(domainOf(address))}`)
  switch (event.kind) {
    case 'login': return `${event.service} login${as(event.user)}${of(event.address)}`
    case 'login-failed': return `login failed${event.attempts > 1 ? ` ${event.attempts} times` : ''}${as(event.user)}${of(event.address)}`
    case 'accepted': return `message ${event.id} came in${as(event.account)}${of(event.address)}`
    case 'queued': return `message ${event.id}, ${event.recipients} ${event.recipients === 1 ? 'recipient' : 'recipients'}, ${event.size} octets`
    case 'delivery': return `message ${event.id}${to(event.to)} ${event.status}${event.enhanced === null ? '' : ` ${event.enhanced}`}${event.reason === null ? '' : ` (${event.reason})`}`
    case 'refused': return `${event.stage}${of(event.address)} refused${event.temporary ? ' for now' : ''}${event.enhanced === null ? '' : ` ${event.enhanced}`} (${event.reason}${event.list === null ? '' : `, ${visible(event.list)}`})`
    case 'trouble': return `a line of level ${event.level} (--show-names shows it)`
    default: return event.kind
  }
}

/** `@example.org`: the person before it is hidden. */
function domainOf(address: string): string {
  return address.slice(Math.max(0, address.lastIndexOf('@'))).includes('@') ? address.slice(address.lastIndexOf('@')) : 'a local user'
}
