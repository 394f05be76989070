import { expect, test } from 'vitest'
import { visitImap } from '../../src/mailbox/imap-mailbox.ts'
import { readFolders, type FolderMark } from '../../src/mailbox/read-folders.ts'
import type { Visit } from '../../src/mailbox/visit.ts'
import { doors, inByImap, mailServer } from './mailboxes.ts'

async function read(session: string, folders: readonly string[], marks = new Map<string, FolderMark>()): Promise<{ visit: Visit; told: string[]; marks: Map<string, FolderMark> }> {
  const told: string[] = []
  const visit = await visitImap(await mailServer(`${inByImap('IMAP4rev1')}${session}`), doors.imaps, mailbox => readFolders(mailbox, folders, {
    marks, most: 20, onOmitted: (folder, count) => told.push(`${folder} without ${count}`), onRefused: (folder, line) => told.push(`${folder} refused: ${line}`),
    onMessage: ({ folder, uid, size, octets }) => told.push(`${folder} ${uid} ${size} ${octets === null ? 'too long' : JSON.stringify(Buffer.from(octets).toString('latin1'))}`),
  }))
  return { visit, told, marks }
}

const open = (tag: string, name: string, validity = 7): string => `
      C: ${tag} EXAMINE "${name}"
      S: * 2 EXISTS
      S: * OK [UIDVALIDITY ${validity}] ok
      S: ${tag} OK [READ-ONLY] done`
const fetch = (tag: string, uid: number, text: string, size = text.length): string => `
      C: ${tag} UID FETCH ${uid} (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.20>)
      S: * 1 FETCH (UID ${uid} RFC822.SIZE ${size} INTERNALDATE "23-Nov-2026 10:00:00 +0000" BODY[]<0> {${text.length}}
      S: ${text})
      S: ${tag} OK done`

test('every message is fetched once, without being marked, and the folder is not open for change', async () => {
  const { visit, told, marks } = await read(`${open('a4', 'Reports')}
      C: a5 UID SEARCH ALL
      S: * SEARCH 3 9
      S: a5 OK done${fetch('a6', 3, 'Subject: x')}${fetch('a7', 9, 'Subject: long, too l', 100)}`, ['Reports'])
  expect(visit.failure).toBeUndefined()
  expect(told).toEqual(['Reports 3 10 "Subject: x"', 'Reports 9 100 too long'])
  expect(marks).toEqual(new Map([['Reports', { uidValidity: 7, last: 9 }]]))
})

test('a later visit goes on from there; a folder with other UIDs is read anew, and one that is refused is told', async () => {
  const { visit, told, marks } = await read(`${open('a4', 'Reports')}
      C: a5 UID SEARCH UID 10:*
      S: * SEARCH 9
      S: a5 OK done${open('a6', 'Other', 8)}
      C: a7 UID SEARCH ALL
      S: * SEARCH 1
      S: a7 OK done${fetch('a8', 1, 'Subject: y')}
      C: a9 EXAMINE "None"
      S: a9 NO there is none`, ['Reports', 'Other', 'None'], new Map([['Reports', { uidValidity: 7, last: 9 }], ['Other', { uidValidity: 7, last: 5 }]]))
  expect(visit.failure).toBeUndefined()
  expect(told).toEqual(['Other 1 10 "Subject: y"', 'None refused: a9 NO there is none'])
  expect(marks.get('Other')).toEqual({ uidValidity: 8, last: 1 })
})

test('of more messages than one visit may have the newest are read, and the others told of', async () => {
  const uids = Array.from({ length: 20_002 }, (_, i) => i + 1)
  const { told } = await read(`${open('a4', 'Reports')}
      C: a5 UID SEARCH ALL
${[0, 1, 2, 3, 4, 5].map(i => `      S: * SEARCH ${uids.slice(i * 4000, (i + 1) * 4000).join(' ')}`).join('\n')}
      S: a5 OK done${fetch('a6', 3, 'Subject: x')}
      C: a7 UID FETCH 4 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.20>)
      * closed`, ['Reports'])
  expect(told).toEqual(['Reports without 2', 'Reports 3 10 "Subject: x"'])
})

test('where the connection breaks, the marks say how far it came', async () => {
  const { visit, marks } = await read(`${open('a4', 'Reports')}
      C: a5 UID SEARCH ALL
      S: * SEARCH 3 4
      S: a5 OK done${fetch('a6', 3, 'Subject: x')}
      C: a7 UID FETCH 4 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.20>)
      * closed`, ['Reports'])
  expect(visit.failure).toBeDefined()
  expect(marks).toEqual(new Map([['Reports', { uidValidity: 7, last: 3 }]]))
})
