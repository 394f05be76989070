import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAuthority } from '../../src/lab/certificates.ts'
import { makeRevocationList } from '../../src/lab/revocation-list.ts'
import { readCrl } from '../../src/syntax/crl.ts'
import { issuersOf } from '../../src/syntax/signed-by.ts'
import { readX509, type X509 } from '../../src/syntax/x509.ts'

const thisUpdate = new Date('2026-11-21T00:00:00Z')
const nextUpdate = new Date('2026-11-28T00:00:00Z')
const read = (der: Buffer): X509 => readX509(der) ?? (() => { throw new Error('no certificate') })()

test.each(['ec256', 'ec384', 'ed25519', 'rsa2048'] as const)('a list signed with %s', async key => {
  const authority = await createAuthority('Example Root', { key })
  const leaf = await authority.issue({ names: ['mail.example.com'] })
  const certificate = read(leaf.der)
  const issuers = issuersOf(certificate, [authority.der.toString('base64')])
  const list = makeRevocationList(authority, { entries: [{ serial: '01', date: thisUpdate }, { serial: certificate.serial, date: thisUpdate, reason: 4 }], thisUpdate, nextUpdate })
  expect(readCrl(list, certificate, issuers)).toEqual({
    thisUpdate: '2026-11-21T00:00:00Z', nextUpdate: '2026-11-28T00:00:00Z', signed: true, foreign: null, partial: false,
    revoked: { date: '2026-11-21T00:00:00Z', reason: 'superseded' },
  })
  expect(readCrl(list, certificate, [])).toMatchObject({ signed: null })
  const forged = Buffer.from(list)
  forged.write('0000', list.indexOf(Buffer.from(certificate.serial, 'hex')), 'hex')
  expect(readCrl(forged, certificate, issuers)).toMatchObject({ signed: false, revoked: null })
})

test('whoever may not sign lists has signed none', async () => {
  const authority = await createAuthority('Example Root')
  const certificate = read((await authority.issue({ names: ['mail.example.com'] })).der)
  const issuers = issuersOf(certificate, [authority.der.toString('base64')])
  expect(issuers.map(({ listsNothing }) => listsNothing)).toEqual([false])
  expect(readCrl(makeRevocationList(authority, { thisUpdate, nextUpdate }), certificate, issuers.map(one => ({ ...one, listsNothing: true })))).toMatchObject({ signed: false })
})

test('a serial number counts whatever zeros stand before it', async () => {
  const authority = await createAuthority('Example Root')
  const certificate = { ...read((await authority.issue({ names: ['mail.example.com'] })).der), serial: '80ff' }
  const listed = (serial: string) => readCrl(makeRevocationList(authority, { entries: [{ serial, date: thisUpdate }], thisUpdate, nextUpdate }), certificate, [])?.revoked ?? null
  expect(listed('0080ff')).not.toBeNull()
  expect(listed('80ff00')).toBeNull()
  expect(listed('0180ff')).toBeNull()
})

test('never throws, whatever was changed or cut off', async () => {
  const authority = await createAuthority('Example Root')
  const certificate = read((await authority.issue({ names: ['mail.example.com'], crlUrls: ['http://crl.example/1'] })).der)
  const issuers = issuersOf(certificate, [authority.der.toString('base64')])
  const whole = makeRevocationList(authority, { entries: [{ serial: certificate.serial, date: thisUpdate, reason: 1 }], thisUpdate, nextUpdate, point: { url: 'http://crl.example/1', indirect: true } })
  const truth = readCrl(whole, certificate, issuers)
  expect(truth?.signed).toBe(true)
  fc.assert(fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), fc.nat({ max: whole.length }), (at, octet, length) => {
    const broken = Buffer.from(whole)
    broken[at] = octet
    const said = readCrl(length % 2 === 0 ? broken : broken.subarray(0, length), certificate, issuers)
    if (said?.signed === true) expect(said).toEqual(truth)
  }), { numRuns: 300 })
})

test('half a million entries are gone through once', async () => {
  const authority = await createAuthority('Example Root')
  const certificate = read((await authority.issue({ names: ['mail.example.com'] })).der)
  const entry = Buffer.from('30200210 7f000000000000000000000000000000 170d3236303130313030303030305a'.replaceAll(' ', ''), 'hex')
  entry[1] = entry.length - 2
  const entries = Buffer.concat(Array.from({ length: 500_000 }, () => entry))
  const sequence = (content: Buffer): Buffer => {
    const head = Buffer.from([0x30, 0x84, 0, 0, 0, 0])
    head.writeUInt32BE(content.length, 2)
    return Buffer.concat([head, content])
  }
  const algorithm = Buffer.from('300a06082a8648ce3d040302', 'hex')
  const subject = Buffer.from(authority.subject.toSchema().toBER(false))
  const time = Buffer.from('170d3236313132313030303030305a', 'hex')
  const list = sequence(Buffer.concat([sequence(Buffer.concat([Buffer.from('020101', 'hex'), algorithm, subject, time, time, sequence(entries)])), algorithm, Buffer.from('030100', 'hex')]))
  expect(readCrl(list, certificate, issuersOf(certificate, [authority.der.toString('base64')]))).toMatchObject({ signed: false, revoked: null, foreign: null })
})
