/** The reports in a mailbox of the configuration, over IMAP: read there, and left as they are. */
import type { Config } from '../config.ts'
import { findDoors, isNoDoor } from '../delivery/doors.ts'
import { accountsFor, findPerson, type Person } from '../delivery/person.ts'
import { troubleOf } from '../delivery/trouble.ts'
import { makeScope } from '../index.ts'
import { visitImap } from '../mailbox/imap-mailbox.ts'
import { readFolders, type FolderMark } from '../mailbox/read-folders.ts'
import { readMarks, writeMarks } from '../monitor/report-marks.ts'
import type { Network } from '../network/network.ts'
import { readReports, type ReceivedReport, type SetAside } from '../syntax/received-report.ts'
import type { Place } from './check-run.ts'
import { ownEhloName } from './ehlo-name.ts'
import { withSecrets } from './login-secrets.ts'
import { UsageError } from './usage-error.ts'

/** Octets of a message: receivers send far less, and a mailbox may hold anything. */
const longestMessage = 16 * 1024 * 1024

export interface AccountReading {
  readonly reports: readonly ReceivedReport[]
  readonly setAside: readonly SetAside[]
  readonly messages: number
  /** Keeps how far the folders were read, once the reports are kept. */
  readonly done: () => void
}

export interface AccountOptions {
  readonly network: Network
  readonly config: Config
  readonly place: Place | undefined
  /** Folders; the inbox when there is none. */
  readonly folders: readonly string[]
  readonly state: string | undefined
}

/** Throws `UsageError` and `ConfigError` for what cannot be begun with or does not come to the mail. */
export async function readAccount(name: string, { network, config, place, folders, state }: AccountOptions): Promise<AccountReading> {
  const person = personOf(name, config, place)
  const { imap: doors } = await findDoors(network, person, makeScope({ ehloName: ownEhloName(), vantage: [] }, config, { domain: person.domain, shownAs: person.domain }))
  if (isNoDoor(doors)) throw new UsageError(`--account: ${doors.reason === null ? `${person.label} has no account for IMAP` : doors.text}`)
  const reports: ReceivedReport[] = []
  const setAside: SetAside[] = []
  const others = new Map<string, number>()
  let messages = 0
  const marks = state === undefined ? new Map<string, FolderMark>() : readMarks(state, person.address)
  let why = 'nobody answers'
  for (const door of doors) {
    const visited = await visitImap(network, door, mailbox => readFolders(mailbox, folders.length > 0 ? folders : ['INBOX'], {
      marks, most: longestMessage,
      onOmitted: (folder, count) => setAside.push({ where: `${person.address}, ${folder}`, line: null, reason: `${count} older ${count === 1 ? 'message is' : 'messages are'} not read: there are too many for one visit` }),
      onRefused: (folder, line) => setAside.push({ where: `${person.address}, ${folder}`, line: null, reason: `the folder cannot be opened: ${line}` }),
      onMessage: ({ folder, uid, size, octets }) => {
        messages++
        const where = `${person.address}, ${folder}, message ${uid}`
        const read = octets ? readReports(octets, where) : { reports: [], setAside: [{ where, line: null, reason: size > longestMessage ? `it has ${size} octets: more than ${longestMessage}` : `the server gives a part of its ${size} octets alone` }] }
        reports.push(...read.reports)
        // A mailbox has other mail, too: that is counted, not listed.
        const bare = read.reports.length === 0 && read.setAside.every(one => one.where === where && one.reason === 'the message has no report attached')
        if (bare) others.set(folder, (others.get(folder) ?? 0) + 1)
        else setAside.push(...read.setAside)
      },
    }))
    const trouble = troubleOf(visited)
    why = trouble?.text ?? ''
    if (trouble && messages > 0) setAside.push({ where: person.address, line: null, reason: `reading broke off: ${trouble.text}` })
    if (!trouble || messages > 0 || visited.failure?.stage !== 'connect') break
  }
  if (why !== '' && messages === 0) throw new UsageError(`--account: ${why}`)
  for (const [folder, count] of others) setAside.push({ where: `${person.address}, ${folder}`, line: null, reason: `${count} ${count === 1 ? 'message has' : 'messages have'} no report attached` })
  return { reports, setAside, messages, done: () => { if (state !== undefined) writeMarks(state, person.address, marks) } }
}

function personOf(name: string, config: Config, place: Place | undefined): Person {
  const person = findPerson(config, name)
  if (typeof person === 'string') throw new UsageError(`--account: ${person}`)
  // The passwords for sending are not needed here, and may be out of reach.
  return withSecrets({ ...person, accounts: accountsFor(person, 'imap') }, place)
}
