/** The findings of a mail log in words: what was seen, and what to do. */
import type { FindingCode, LogFinding } from '../logs/finding.ts'
import { plural } from './answers.ts'

type Shown = Readonly<Record<string, string>>

const messages: Readonly<Record<FindingCode, (shown: Shown, finding: LogFinding) => string>> = {
  'password-guessed': ({ account = '', source = '' }, { count, severity, numbers: { accounts = 0 } }) => severity === 'critical'
    ? `${source} logged in as ${account} after it had failed ${times(count)} at ${plural(accounts, 'account')}: the password is known to somebody who guesses passwords`
    : `${source} logged in as ${account} after ${plural(count, 'failure')} in a row, and had never done so before: the password was guessed, or its owner got a new device to work`,
  'sudden-sending': ({ account = '' }, { count, numbers: { past = 0, failed = 0, sources = 0, seconds = 3600 } }) =>
    `${account} writes to ${plural(count, 'recipient')} within ${span(seconds)}, and before it ${past === 0 ? 'had written to none' : `never wrote to more than ${past}`}`
    + `${failed > 0 ? `; ${failed} could not be reached` : ''}${sources > 1 ? `; it logged in from ${plural(sources, 'address', 'addresses')}` : ''}`,
  'own-address-listed': ({ list }, { count, numbers: { receivers = 0 } }) => `${plural(receivers, 'receiver')} refused mail of yours ${times(count)} because of a block list${list === undefined ? '' : `, ${list} among them`}`,
  'list-refuses-all': ({ list = '' }, { numbers: { clients = 0, seconds = 0 } }) =>
    `${list} was the reason to refuse all of ${plural(clients, 'different client')} in ${span(seconds)}, and nothing came in from outside meanwhile: it may say yes to everything`,
  'server-trouble': ({ program = '' }, { count }) => `${program} told of a fault of its own ${times(count)}`,
  'receiver-refuses-all': ({ receiver = '' }, { count, numbers: { bounced = 0, deferred = 0, unreached = 0 } }) => (unreached === count
    ? `your server gets no connection to ${receiver}: ${plural(count, 'attempt')}, none delivered`
    : `${receiver} takes no mail from you: ${plural(count, 'attempt')}, ${bounced} refused and ${deferred} put off, none delivered`),
  'brute-force': ({ source = '', account }, { count, numbers: { accounts = 0 } }) => (account === undefined
    ? `brute force: ${source} failed to log in ${times(count)}${accounts > 1 ? `, at ${plural(accounts, 'account')}` : ''}`
    : `brute force, or a device with an old password: ${source} failed to log in as ${account} ${times(count)}`),
  'password-spraying': ({ source = '' }, { count, numbers: { accounts = 0 } }) => `spraying: ${source} tried ${accounts >= 200 ? '200 accounts or more' : plural(accounts, 'account')} and failed ${times(count)}`,
  'account-attacked': ({ account = '' }, { count, numbers: { sources = 0 } }) => `brute force from many places: ${plural(count, 'failed login')} as ${account} from ${sources >= 200 ? '200 sources or more' : plural(sources, 'source')}`,
  'relay-attempts': ({ source = '' }, { count }) => `${source} tried ${times(count)} to send mail through you to others, and was refused`,
  'mail-waits': (_, { count, numbers: { seconds = 0 } }) => `${plural(count, 'message waits', 'messages wait')} in the queue, the oldest for ${span(seconds)}`,
}

const advice: Readonly<Record<FindingCode, string>> = {
  'password-guessed': 'Change the password of the account now, end its sessions, and look at what it sent. If its owner knows the address, all is well.',
  'sudden-sending': 'Ask the owner of the account. If it was not they: lock it, change its password, and delete what waits in the queue (Postfix: postqueue -j and postsuper -d; Exim: exiqgrep and exim -Mrm).',
  'own-address-listed': 'Find out why on the page of the list, end the cause, and ask for removal; "mailcheck DOMAIN --lists" asks the lists about your addresses.',
  'list-refuses-all': 'Ask the list by hand for 127.0.0.1, which it must not list: a list that was shut down or refuses your resolver may answer yes to everything. Take it out of the configuration.',
  'server-trouble': 'Read the lines around it in the log: the server says what it lacks.',
  'receiver-refuses-all': 'Read what the receiver answers, in the evidence, and write to its postmaster if it is not clear. If it does not answer at all, look whether others do: your own port 25 or resolver may be the reason.',
  'brute-force': 'If somebody guesses, fail2ban or a firewall ends it; if it is a device of a user, its password is out of date.',
  'password-spraying': 'Let fail2ban or a firewall end it, and see to it that no account has a common password.',
  'account-attacked': 'See to it that the password is strong and used nowhere else, or that the account needs a second factor.',
  'relay-attempts': 'Nothing: it was refused. "mailcheck DOMAIN --own" tries for itself whether you relay.',
  'mail-waits': 'Look why with "postqueue -p" or "exim -bp"; the reasons are counted below.',
}

export function logMessage(finding: LogFinding, shown: Shown): string {
  return messages[finding.code](shown, finding)
}

export function logAdvice(code: FindingCode): string {
  return advice[code]
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

/** Seconds as people say them. */
export function span(seconds: number): string {
  for (const [size, name] of [[86_400, 'day'], [3600, 'hour'], [60, 'minute']] as const) {
    if (seconds >= size) return plural(Math.floor(seconds / size), name)
  }
  return plural(Math.round(seconds), 'second')
}
