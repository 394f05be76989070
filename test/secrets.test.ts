/** Nothing that is kept here is a secret: certificates are made when they are needed, and passwords are shown as ****. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const kinds: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/,
  'a password in AUTH': /^\s*(?:[\d.]+ )?C:\s*(?:AUTH(?:ENTICATE)?\s+|\S+ AUTHENTICATE\s+)[A-Z0-9-]+ +(?!\*+\s*$|=\s*$)\S/im,
  'a password in LOGIN or PASS': /^\s*(?:[\d.]+ )?C:\s*(?:\S+ LOGIN +\S+|PASS) +(?!"?\*+"?\s*$)\S/im,
  'a password in a setting': /^\s*-?\s*["']?(?:password|secret|token)["']?\s*[:=]\s*["']?(?!env:|file:|\*+|null\b|[{[]|["']?\s*$)\S/im,
}

/** Names the kinds of secret that the text holds. */
function secretsIn(text: string): string[] {
  return Object.entries(kinds).filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind)
}

function read(folder: string): [string, string][] {
  const root = new URL(`../${folder}/`, import.meta.url)
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`).map(path => [path.slice(root.pathname.length), readFileSync(path, 'latin1')])
}

test('no fixture holds a secret', () => {
  const found = read('fixtures').flatMap(([file, text]) => secretsIn(text).map(kind => `${file}: ${kind}`))
  expect(found).toEqual([])
})

test('no file of src or test is a private key', () => {
  const block = /^\s*-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\r?\n\s*[A-Za-z0-9+/=]{40}/m
  const found = [...read('src'), ...read('test')].filter(([, text]) => block.test(text)).map(([file]) => file)
  expect(found).toEqual([])
})

describe('a secret is known when it is seen', () => {
  test.each([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['a password in AUTH', 'session a[192.0.2.1]:587 starttls\n  12 S: 250 AUTH PLAIN\n  C: AUTH PLAIN AGpvZQBzZWNyZXQ='],
    ['a password in AUTH', 'C: a1 AUTHENTICATE PLAIN AGpvZQBzZWNyZXQ='],
    ['a password in LOGIN or PASS', 'C: a1 LOGIN joe secret'],
    ['a password in LOGIN or PASS', 'C: PASS secret'],
    ['a password in a setting', 'accounts:\n  - password: hunter2'],
  ])('%s', (kind, text) => {
    expect(secretsIn(text)).toEqual([kind])
  })

  test.each([
    'C: AUTH PLAIN ****', 'C: AUTH PLAIN *', 'C: AUTH LOGIN', 'C: a1 LOGIN joe ****', 'C: PASS ****', 'S: 250 AUTH PLAIN LOGIN',
    'password: env:PROBE_PASSWORD', '-----BEGIN CERTIFICATE-----', '-----BEGIN PUBLIC KEY-----',
  ])('and this is none: %s', text => {
    expect(secretsIn(text)).toEqual([])
  })
})
