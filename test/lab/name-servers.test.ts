import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { createLiveNetwork } from '../../src/network/live.ts'
import { outcome, type Answer, type Network } from '../../src/network/network.ts'
import { writeData } from '../../src/network/dns/rdata.ts'
import { Writer } from '../../src/network/dns/wire.ts'
import { keyTag, rsaKeyBits } from '../../src/syntax/dnskey.ts'
import type { DnsRecord, RecordType } from '../../src/syntax/record.ts'

let world: RunningWorld
let network: Network
beforeAll(async () => {
  world = await startWorld({
    zones: {
      'signed.example': { signed: true, records: '@ NS ns1\n@ NS ns2\n@ MX 10 mx\n@ MX 20 mx2\nns1 A 11.60.0.1\nns2 A 11.60.0.2\nmx A 11.60.0.3\nwww CNAME mx\naway CNAME www.plain.example.' },
      'child.signed.example': { signed: true, dnssec: { algorithm: 8, bits: 1024, digest: 1, from: '-3d', until: '+1d' }, records: '@ TXT "below"' },
      'plain.example': 'www A 11.60.0.4',
      'bogus.example': { signed: true, dnssec: { bogus: true }, records: '@ TXT "x"' },
      'island.example': { signed: true, dnssec: { ds: false }, records: '' },
      'moved.example': { delegation: ['ns1.signed.example'], records: '@ NS ns3.signed.example.' },
      'faults.example': { records: ['closed', 'silent', 'refused', 'servfail', 'lame', 'hangup', 'behind'].map((name, i) => `@ NS ${name}\n${name} A 11.61.0.${i}`).join('\n') },
    },
    nameservers: [
      { addresses: ['11.61.0.0'], fault: 'closed' }, { addresses: ['11.61.0.1'], fault: 'silent' }, { addresses: ['11.61.0.2'], fault: 'refused' },
      { addresses: ['11.61.0.3'], fault: 'servfail' }, { addresses: ['11.61.0.4'], fault: 'lame' }, { addresses: ['11.61.0.5'], tcp: false },
      { addresses: ['11.61.0.6'], zones: { 'faults.example': '@ TXT "old"\n@ NS (timeout)' } },
    ],
    servers: [{ host: 'ns1.signed.example', addresses: ['11.60.0.1'], services: { imap: null } }],
  })
  network = createLiveNetwork({ resolvers: [world.resolver], route: world.route, timeout: 400 })
})
afterAll(() => world.close())

const ask = async <T extends RecordType>(name: string, type: T, server?: string, more: { transport?: 'tcp'; checkingDisabled?: true } = {}) =>
  network.query({ name, type, ...(server === undefined ? {} : { server }), ...more })
const texts = ({ records }: Answer): string[] => records.map(({ text }) => text)
const problem = async (promise: Promise<Answer>): Promise<string> => {
  const result = await outcome(promise)
  return 'problem' in result ? `${result.problem.event} ${result.problem.reason}` : 'an answer'
}

describe('the name servers of a world', () => {
  it('speak for their own zones, and refuse others', async () => {
    expect(await ask('signed.example', 'MX', '11.60.0.1')).toMatchObject({ authoritative: true, secure: false })
    expect(texts(await ask('signed.example', 'MX', '11.60.0.2'))).toEqual(['10 mx.signed.example.', '20 mx2.signed.example.'])
    expect(await ask('nobody.signed.example', 'MX', '11.60.0.1')).toMatchObject({ authoritative: true, rcode: 'NXDOMAIN' })
    expect(await problem(ask('plain.example', 'A', '11.60.0.1'))).toBe('rcode resolver-refused')
    expect(texts(await ask('signed.example', 'SOA', '11.60.0.1', { transport: 'tcp' }))).toHaveLength(1)
    expect(await ask('away.signed.example', 'A', '11.60.0.1')).toMatchObject({ authoritative: true, records: [], aliases: [{ text: 'www.plain.example.' }] })
  })

  it('refer to the zones below, the registry’s for every zone', async () => {
    const referral = await ask('signed.example', 'NS', '11.53.0.1')
    expect(referral).toMatchObject({ authoritative: false, records: [] })
    expect(referral.authority.map(({ name, text }) => `${name} ${text}`)).toEqual(['signed.example ns1.signed.example.', 'signed.example ns2.signed.example.'])
    expect((await ask('x.child.signed.example', 'A', '11.60.0.1')).authority.map(({ name, text }) => `${name} ${text}`))
      .toEqual(['child.signed.example ns1.name-servers.example.', 'child.signed.example ns2.name-servers.example.'])
    expect((await ask('moved.example', 'NS', '11.53.0.2')).authority.map(({ text }) => text)).toEqual(['ns1.signed.example.'])
    expect(texts(await ask('moved.example', 'NS', '11.60.0.1'))).toEqual(['ns3.signed.example.'])
    expect(texts(await ask('plain.example', 'NS'))).toEqual(['ns1.name-servers.example.', 'ns2.name-servers.example.'])
    expect(texts(await ask('www.plain.example', 'A', '11.53.1.2'))).toEqual(['11.60.0.4'])
  })

  it('fail as they are told to', async () => {
    const soa = (last: number, more = {}) => ask('faults.example', 'SOA', `11.61.0.${last}`, more)
    expect(await problem(soa(0))).toBe('refused dns-timeout')
    expect(await problem(soa(1))).toBe('timeout dns-timeout')
    expect(await problem(soa(2))).toBe('rcode resolver-refused')
    expect(await problem(soa(3))).toBe('rcode dns-servfail')
    expect(await soa(4)).toMatchObject({ authoritative: false, records: [{ name: 'faults.example' }] })
    expect(await soa(5)).toMatchObject({ authoritative: true })
    expect(await problem(soa(5, { transport: 'tcp' }))).toBe('closed dns-timeout')
    expect(texts(await ask('faults.example', 'TXT', '11.61.0.6'))).toEqual(['"old"'])
    expect(texts(await ask('faults.example', 'TXT', '11.61.0.5'))).toEqual([])
    expect(await problem(ask('faults.example', 'NS', '11.61.0.6'))).toBe('timeout dns-timeout')
  })

  it('leave the other services of their addresses alone', () => {
    expect(world.route('11.60.0.1', 143)).not.toEqual(world.route('11.60.0.1', 53))
    expect(world.route('11.60.0.1', 25)).toEqual(world.route('11.60.0.2', 25))
  })

  it('belong to some zone', async () => {
    await expect(startWorld({ nameservers: [{ addresses: ['11.62.0.1'] }] })).rejects.toThrow('11.62.0.1 is no name server of any zone')
  })
})

describe('the signatures of a world', () => {
  const octets = <T extends RecordType>(type: T, data: DnsRecord<T>['data']): Buffer => {
    const writer = new Writer()
    writeData(type, data as never, writer)
    return writer.toBuffer()
  }
  const name = (text: string): Buffer => Buffer.concat([...text.split('.').map(label => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])])

  it('are true: the DS in the parent is of the key, and the key made the signature', async () => {
    const key = (await ask('signed.example', 'DNSKEY')).records[0]
    const ds = (await ask('signed.example', 'DS')).records[0]
    const { records, signatures: [signature], secure } = await ask('signed.example', 'MX')
    if (!key || !ds || !signature) throw new Error('nothing is signed')
    expect(secure).toBe(true)
    expect(ds.data).toMatchObject({ keyTag: keyTag(key.data), algorithm: 13, digestType: 2 })
    expect(ds.data.digest).toBe(createHash('sha256').update(name('signed.example')).update(octets('DNSKEY', key.data)).digest('hex'))
    const rdatas = records.map(({ type, data }) => octets(type, data)).toSorted((a, b) => Buffer.compare(a, b))
    const head = (length: number): Buffer => Buffer.concat([name('signed.example'), Buffer.from([0, 15, 0, 1, 0, 0, 14, 16, 0, length])])
    const signed = Buffer.concat([octets('RRSIG', { ...signature.data, signature: '' }), ...rdatas.flatMap(rdata => [head(rdata.length), rdata])])
    const point = Buffer.from(key.data.key, 'base64')
    const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(0, 32).toString('base64url'), y: point.subarray(32).toString('base64url') }
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
    expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature.data.signature, 'base64'))).toBe(true)
    const days = (seconds: number): number => Math.round((seconds * 1000 - Date.now()) / 86_400_000)
    expect([days(signature.data.inception), days(signature.data.expiration)]).toEqual([-7, 14])
  })

  it('are as the zone wants them', async () => {
    const { signatures: [signature] } = await ask('child.signed.example', 'TXT')
    const [key] = (await ask('child.signed.example', 'DNSKEY')).records
    expect(signature?.data).toMatchObject({ covers: 'TXT', algorithm: 8, signer: 'child.signed.example' })
    expect(key && rsaKeyBits(key.data)).toBe(1024)
    expect((await ask('child.signed.example', 'DS')).records[0]?.data).toMatchObject({ algorithm: 8, digestType: 1 })
    expect((await ask('island.example', 'DS')).records).toEqual([])
    expect((await ask('island.example', 'DNSKEY')).records).toHaveLength(1)
    expect((await ask('plain.example', 'DNSKEY')).records).toEqual([])
    expect((await ask('www.plain.example', 'A')).signatures).toEqual([])
  })

  it('may be bogus, and are handed over to who does not check', async () => {
    const failed = await outcome(ask('bogus.example', 'TXT'))
    expect(failed).toMatchObject({ problem: { reason: 'dns-servfail', extendedErrors: [{ code: 6 }] } })
    expect(await ask('bogus.example', 'TXT', undefined, { checkingDisabled: true })).toMatchObject({ records: [{ text: '"x"' }], secure: false, adTrusted: true })
  })
})
