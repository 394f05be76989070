/** A scan as a user has it, over the real network layer and servers that OpenSSL and a script play. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check, createNetwork, type Report } from '../../src/index.ts'
import { checks } from '../../src/checks/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { createRecorder } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import type { HandshakeFacts } from '../../src/probes/handshakes.ts'
import type { OtherCertificateFacts } from '../../src/probes/other-certificate.ts'
import type { TlsScanFacts } from '../../src/probes/tls-scan.ts'
import { renderJsonLine } from '../../src/report/json.ts'
import { usualScope } from '../check-table.ts'

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld(loadWorlds('good', 'hosting', 'tls-faults'))
}, 60_000)
afterAll(() => world.close())

const ours = checks.filter(({ topic }) => topic === 'tls' || topic === 'mx-tls')
const scope = (domain: string) => ({ ...usualScope, domain, shownAs: domain, permissions: new Set(['tlsScan' as const]) })

async function scan(domain: string): Promise<Report> {
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000 })
  return check(scope(domain), { network, checks: ours })
}
const told = ({ findings }: Report, ...verdicts: readonly string[]): string[] =>
  findings.filter(({ verdict }) => verdicts.includes(verdict)).map(({ check: id, code, args }) => `${id} ${code ?? ''} ${JSON.stringify(Object.values(args).at(-1) ?? null)}`)

describe('a scan', () => {
  test('finds nothing wrong with a domain in order, and asks each endpoint no more than six times', async () => {
    let connections = 0
    const network = createNetwork({
      resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000, listener: event => {
        if (event.kind === 'connecting') connections++
        if (event.kind === 'failed' && 'endpoint' in event && event.failure.event === 'unavailable') connections-- // not made
      },
    })
    const report = await check(scope('good.example'), { network, checks: ours })
    expect(told(report, 'fail', 'unknown')).toEqual([])
    const passed = new Set(report.findings.filter(({ verdict }) => verdict === 'pass').map(({ check: id }) => id))
    expect(['tls/obsolete-refused', 'tls/key-exchange-strong', 'mx-tls/old-versions-refused', 'mx-tls/ciphers-strong', 'mx-tls/handshake-modern'].filter(id => !passed.has(id))).toEqual([])
    const { handshakes, tlsScan } = report.facts as { handshakes: Record<string, HandshakeFacts>; tlsScan: Record<string, TlsScanFacts> }
    for (const { offers } of Object.values(tlsScan)) expect(offers.length).toBeLessThanOrEqual(4)
    expect(connections).toBeLessThanOrEqual(6 * Object.keys(handshakes).length)
    expect(Object.values(handshakes)[0]?.served).toMatchObject({ ocsp: null, mustStaple: false, timestamps: 0 })
  })

  test.each([
    ['mx-tls-old', ['mx-tls/version-current failed "TLSv1.1"']],
    ['mx-tls-weak-key', ['mx-tls/certificate-verifiable weak-key "CN=World Issuing CA"', 'mx-tls/key-strong failed 1024']],
    ['mx-tls-late', ['mx-tls/old-versions-refused failed ["TLSv1.1"]']],
    ['mx-tls-rc4', ['mx-tls/ciphers-strong failed ["TLS_ECDHE_RSA_WITH_RC4_128_SHA"]']],
    ['mx-tls-anonymous', []],
    ['tls-old-beside-new', ['tls/obsolete-refused failed ["TLSv1.1"]']],
    ['tls-ssl-3', ['tls/obsolete-refused failed ["SSLv3"]']],
    ['tls-export', ['tls/obsolete-refused failed ["TLS_RSA_EXPORT_WITH_DES40_CBC_SHA"]']],
    ['tls-nobody', ['tls/obsolete-refused failed ["TLS_ECDH_anon_WITH_AES_128_CBC_SHA"]']],
    ['tls-static-rsa', ['tls/key-exchange-strong failed "TLS_RSA_WITH_AES_128_CBC_SHA"']],
    ['tls-short-group', ['tls/key-exchange-strong short-group 1024']],
    ['tls-named-only', ['tls/certificate-uniform named-only "TLS alert 112, unrecognized_name"']],
    ['tls-long-lived', ['tls/certificate-lifetime-allowed failed 730']],
    ['tls-1-3-only', []],
    ['mx-tls-second-expired', ['mx-tls/certificate-verifiable expired "CN=World Issuing CA"']],
    ['tls-second-expired', [expect.stringMatching(/^tls\/certificate-in-date failed "20/)]],
    ['tls-both-kinds', []],
    ['tls-injected', ['tls/nothing-injected-before-tls failed "a3 OK evil"']],
    ['tls-two-certificates', ['tls/certificate-uniform failed ["mail.tls-two-certificates.example","www.tls-two-certificates.example"]']],
  ])('finds the one fault of %s.example', async (name, expected) => {
    const report = await scan(`${name}.example`)
    const own = { ...report, findings: report.findings.filter(({ subject }) => subject.includes(name)) }
    expect(told(own, 'fail')).toEqual(expected)
    expect(told(own, 'unknown').filter(line => !line.includes('deadline-spent'))).toEqual([])
  })

  test('leaves nothing open where TLS 1.3 alone is spoken', async () => {
    const report = await scan('tls-1-3-only.example')
    expect(told({ ...report, findings: report.findings.filter(({ subject }) => subject.includes('tls-1-3-only')) }, 'unknown')).toEqual([])
  })

  test('shows both certificates, judges both, and says who sees the second', async () => {
    const { facts, findings } = await scan('tls-second-expired.example')
    const { otherCertificate } = facts as { otherCertificate: Record<string, OtherCertificateFacts> }
    const [seen] = Object.entries(otherCertificate).find(([name]) => name.startsWith('mail.tls-second-expired'))?.slice(1) ?? []
    expect(seen).toMatchObject({ asked: 'RSA', answer: { value: { servername: 'mail.tls-second-expired.example' } } })
    const expired = findings.find(({ check: id, subject }) => id === 'tls/certificate-in-date' && subject.includes('second'))
    expect(expired?.evidence.map(one => 'line' in one ? one.line : '').join(' ')).toMatch(/shown to clients that do not know ECDSA certificates: this RSA certificate/)
  })

  test('tells the hybrid group where the server has it', async () => {
    const { facts } = await scan('tls-1-3-only.example')
    const { tlsScan } = facts as { tlsScan: Record<string, TlsScanFacts> }
    const [, seen] = Object.entries(tlsScan).find(([name]) => name.startsWith('mail.tls-1-3-only')) ?? []
    const { served } = (facts as { handshakes: Record<string, HandshakeFacts> }).handshakes[seen?.name ?? ''] ?? {}
    // and then the minute is spent; where our own OpenSSL has a hybrid, the dialogue has shown it
    expect(seen?.groups).toEqual(served?.keyExchange === 'X25519MLKEM768'
      ? { taken: ['X25519MLKEM768'], asked: ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024'] }
      : { taken: ['X25519', 'X25519MLKEM768'], asked: ['X25519', 'X25519MLKEM768'] })
  })

  test('is replayed from its recording, to the octet', async () => {
    const recorder = createRecorder()
    const recorded = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000, recorder })
    const first = renderJsonLine(await check(scope('tls-ssl-3.example'), { network: recorded, checks: ours }))
    const tape = formatCassette(recorder.cassette())
    expect(tape).toMatch(/^session mail\.tls-ssl-3\.example\[[\d.]+\]:993 implicit for tls-1\.1$/m)
    expect(tape).toContain('* offered tls-1.1 SSLv3 TLS_RSA_WITH_3DES_EDE_CBC_SHA RSA cert=')
    const { cassette, errors } = parseCassette(tape)
    expect(errors).toEqual([])
    expect(renderJsonLine(await check(scope('tls-ssl-3.example'), { network: replay(cassette), checks: ours }))).toBe(first)
  })
})
