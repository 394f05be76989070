import { createHash, createPrivateKey, createPublicKey, generatePrimeSync, sign, X509Certificate, type KeyObject } from 'node:crypto'
import * as asn1 from 'asn1js'
import fc from 'fast-check'
import { AlgorithmIdentifier, Certificate, PublicKeyInfo } from 'pkijs'
import { beforeAll, describe, expect, test } from 'vitest'
import { createAuthority, createSelfSigned, toPem, type Authority, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { certificateCovers, parseCertificate, trustAnchors, verifyChain } from '../../src/syntax/certificate.ts'

const base64 = (certificate: { readonly der: Buffer }) => certificate.der.toString('base64')
const trusting = (...certificates: readonly { readonly pem: string }[]) => trustAnchors(certificates.map(one => one.pem))
const until = (year: number) => new Date(Date.UTC(year, 0, 1))

/** An RSA key, the smaller of whose exponents is 65537: the public one as usual, or the private one. */
function keyWithExponent(isWanted: (exponent: bigint) => boolean): KeyObject {
  for (;;) {
    const [p, q] = [generatePrimeSync(1024, { bigint: true }), generatePrimeSync(1024, { bigint: true })]
    const order = (p - 1n) * (q - 1n)
    if (order % 65537n === 0n) continue
    const inverse = inverseOf(65537n, order)
    const [e, d] = isWanted(65537n) ? [65537n, inverse] : [inverse, 65537n]
    const encode = (number: bigint) => Buffer.from(number.toString(16).padStart(2 * Math.ceil(number.toString(16).length / 2), '0'), 'hex').toString('base64url')
    const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverseOf(q, p) }
    return createPrivateKey({ key: { kty: 'RSA', ...Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, encode(number)])) }, format: 'jwk' })
  }
}

function inverseOf(number: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [number, modulus, 1n, 0n]
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % modulus) + modulus) % modulus
}

let root: Authority, otherRoot: Authority, intermediate: Authority, leaf: IssuedCertificate
beforeAll(async () => {
  root = await createAuthority('Example Root')
  otherRoot = await createAuthority('Other Root')
  intermediate = await root.intermediate('Example Intermediate')
  leaf = await intermediate.issue({ names: ['mx1.example.com'] })
})

/** The same subject and key, vouched for by another authority: what a cross-sign is. `change` falsifies it before signing. */
function crossSign(certificate: IssuedCertificate, by: Authority, change: (certificate: Certificate) => void = () => undefined): { der: Buffer; pem: string } {
  const copy = Certificate.fromBER(new Uint8Array(certificate.der).buffer)
  copy.issuer = Certificate.fromBER(new Uint8Array(by.der).buffer).subject
  copy.extensions = copy.extensions?.filter(extension => extension.extnID !== '2.5.29.35') ?? []
  change(copy)
  const signature = sign('sha256', Buffer.from(copy.encodeTBS().toBER(false)), createPrivateKey(by.keyPem))
  copy.signatureValue = new asn1.BitString({ valueHex: new Uint8Array(signature).buffer })
  const der = Buffer.from(copy.toSchema(true).toBER(false))
  return { der, pem: toPem(der) }
}

describe('what a certificate says', () => {
  test('of a leaf', () => {
    expect(parseCertificate(base64(leaf))).toMatchObject({
      subject: 'CN=mx1.example.com', issuer: 'CN=Example Intermediate', names: ['mx1.example.com'], addresses: [], ca: false, selfSigned: false,
      key: { type: 'ec', bits: 256, curve: 'prime256v1' }, signatureAlgorithm: 'ecdsa-with-SHA256',
    })
  })

  test('agrees with node:crypto', () => {
    for (const certificate of [root, intermediate, leaf]) {
      const node = new X509Certificate(certificate.der)
      const parsed = parseCertificate(base64(certificate))
      expect(parsed).toMatchObject({
        notBefore: new Date(node.validFrom), notAfter: new Date(node.validTo), serial: node.serialNumber.toLowerCase(), ca: node.ca,
        sha256: node.fingerprint256.replaceAll(':', '').toLowerCase(),
        spkiSha256: createHash('sha256').update(node.publicKey.export({ type: 'spki', format: 'der' })).digest('hex'),
      })
    }
  })

  test('dates before 1970, from 2050 on, and without end', async () => {
    const dates = { notBefore: new Date('1969-05-06T07:08:09Z'), notAfter: new Date('9999-12-31T23:59:59Z') }
    expect(parseCertificate(base64(await createSelfSigned({ names: ['a.example'], ...dates })))).toMatchObject(dates)
  })

  test.each([
    ['rsa1024', 'rsa', 1024, 'sha256WithRSAEncryption'], ['ec384', 'ec', 384, 'ecdsa-with-SHA256'], ['ed25519', 'ed25519', 256, 'ED25519'],
  ] as const)('a key of kind %s', async (key, type, bits, signatureAlgorithm) => {
    const certificate = await createSelfSigned({ names: ['a.example'], key })
    expect(parseCertificate(base64(certificate))).toMatchObject({ key: { type, bits }, signatureAlgorithm, selfSigned: true, ca: false })
  })

  test('where its issuer is to be had, what it promises, and who logged it', async () => {
    const said = await root.issue({ names: ['a.example'], issuerUrl: 'http://ca.example/root.der', mustStaple: true, timestamps: 3 })
    expect(parseCertificate(base64(said))).toMatchObject({ issuerUrls: ['http://ca.example/root.der'], mustStaple: true, timestamps: 3 })
    expect(parseCertificate(base64(leaf))).toMatchObject({ issuerUrls: [], mustStaple: false, timestamps: 0 })
  })

  test('a weak hash', async () => {
    expect(parseCertificate(base64(await createSelfSigned({ names: ['a.example'], key: 'rsa1024', hash: 'sha1' })))?.signatureAlgorithm)
      .toBe('sha1WithRSAEncryption')
  })

  test('RSASSA-PSS is named with its digest, which is SHA-1 when none is given (RFC 4055 §3.1)', () => {
    const sha256 = new asn1.Sequence({ value: [new asn1.Constructed({
      idBlock: { tagClass: 3, tagNumber: 0 }, value: [new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: '2.16.840.1.101.3.4.2.1' })] })],
    })] })
    for (const [parameters, name] of [[sha256, 'rsassaPss-SHA256'], [new asn1.Sequence(), 'rsassaPss-SHA1']] as const) {
      const certificate = crossSign(leaf, intermediate, copy => {
        copy.signature = copy.signatureAlgorithm = new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.10', algorithmParams: parameters })
      })
      expect(parseCertificate(base64(certificate))?.signatureAlgorithm).toBe(name)
    }
  })

  test('names that would break their textual form come out whole', async () => {
    const names = ['a.example, DNS:evil.example', '"quoted"', 'nul\0.example', 'x.example\nDNS:evil.example', '', '*.UPPER.example']
    const certificate = await createSelfSigned({ names, addresses: ['192.0.2.1', '2001:db8::1'], commonName: 'evil, CN=x\nCN=y\x1b[31m' })
    const parsed = parseCertificate(base64(certificate))
    expect(parsed?.names).toEqual(names.map(name => name.toLowerCase()))
    expect(parsed?.addresses).toEqual(['192.0.2.1', '2001:db8::1'])
    expect(parsed?.subject).toMatch(/^CN=evil\\, CN\\=x\\0ACN\\=y\\1B\[31m$|^CN=evil\\, CN=x\\0ACN=y\\1B\[31m$/)
  })

  test('an empty subject', async () => {
    expect(parseCertificate(base64(await createSelfSigned({ names: ['a.example'], commonName: '' })))).toMatchObject({ subject: '', issuer: '' })
  })

  test('a certificate issued to itself with another’s key is not self-signed', () => {
    const forged = crossSign(root, otherRoot, copy => copy.issuer = copy.subject)
    expect(parseCertificate(base64(forged))).toMatchObject({ subject: 'CN=Example Root', issuer: 'CN=Example Root', selfSigned: false })
  })

  test('anything else is none', () => {
    for (const octets of ['', 'AAAA', '!!!!', 'MAA=', base64(leaf).slice(0, 200), Buffer.from(leaf.pem).toString('base64')]) {
      expect(parseCertificate(octets)).toBeNull()
    }
    expect(parseCertificate(Buffer.concat([leaf.der, Buffer.of(0)]).toString('base64'))).toBeNull()
  })

  test('never throws, whatever the octets', () => {
    const mutated = fc.array(fc.tuple(fc.nat(leaf.der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }).map(changes => {
      const octets = Buffer.from(leaf.der)
      for (const [at, octet] of changes) octets[at] = octet
      return octets
    })
    fc.assert(fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array))), octets => {
      const text = octets.toString('base64')
      parseCertificate(text)
      const { trusted } = verifyChain([text, base64(intermediate)], trusting(root))
      if (!octets.equals(leaf.der) && trusted) {
        // Whatever is still trusted differs only where the signature does not reach.
        expect(new X509Certificate(octets).verify(createPublicKey(intermediate.pem))).toBe(true)
      }
    }), { numRuns: 2000 })
  })
})

describe('whom a certificate covers (RFC 9525 §6.3)', () => {
  test.each([
    ['mx1.example.com', 'mx1.example.com', true],
    ['MX1.Example.COM', 'mx1.example.com', true],
    ['*.example.com', 'mx1.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.mx1.example.com', false],
    ['mx*.example.com', 'mx1.example.com', false],
    ['*x1.example.com', 'mx1.example.com', false],
    ['mx1.*.com', 'mx1.example.com', false],
    ['*.*.com', 'mx1.example.com', false],
    ['*.com', 'example.com', false],
    ['*', 'localhost', false],
    ['*', 'mx1.example.com', false],
    ['example.com', 'mx1.example.com', false],
    ['mx1.example.com.', 'mx1.example.com', false],
    ['mx1.example.com\0.evil.example', 'mx1.example.com', false],
    ['*.example.com', '.example.com', false],
    ['', '', false],
    ['localhost', 'localhost', true],
  ])('%j and %j: %j', (name, host, covered) => {
    expect(certificateCovers(['other.example', name], host)).toBe(covered)
  })
})

describe('which chains lead to an anchor', () => {
  const verify = (chain: readonly { readonly der: Buffer }[], ...anchors: readonly { readonly pem: string }[]) =>
    verifyChain(chain.map(base64), trusting(...anchors))

  test('a full chain', () => {
    expect(verify([leaf, intermediate], root)).toEqual({ trusted: true, anchor: 'CN=Example Root', path: [0, 1] })
  })
  test('with the root served too, which nobody needs', () => {
    expect(verify([leaf, intermediate, root], root)).toMatchObject({ trusted: true, path: [0, 1] })
  })
  test('out of order, with strangers and doubles', () => {
    expect(verify([leaf, root, otherRoot, leaf, intermediate, intermediate], root)).toMatchObject({ trusted: true, path: [0, 4] })
  })
  test('several anchors in one text, with words between them', () => {
    const bundle = `# Other\n${otherRoot.pem}\n# Ours\r\n${root.pem.replaceAll('\n', '\r\n')}`
    const anchors = trustAnchors([bundle, 'no certificate at all'])
    expect(anchors.size).toBe(2)
    expect(verifyChain([leaf, intermediate].map(base64), anchors)).toMatchObject({ trusted: true })
  })
  test('an intermediate that the user trusts ends the path', () => {
    expect(verify([leaf], intermediate)).toMatchObject({ trusted: true, anchor: 'CN=Example Intermediate', path: [0] })
  })
  test('a self-signed leaf that the user trusts', async () => {
    const own = await createSelfSigned({ names: ['mail.example.com'] })
    expect(verify([own], root, own)).toEqual({ trusted: true, anchor: 'CN=mail.example.com', path: [0] })
    expect(verify([own], root)).toEqual({ trusted: false, problem: 'self-signed' })
  })

  test('a missing intermediate', () => {
    expect(verify([leaf], root)).toEqual({ trusted: false, problem: 'unknown-issuer' })
    expect(verify([leaf, root], root)).toEqual({ trusted: false, problem: 'unknown-issuer' })
  })
  test('an unknown root, served or not', () => {
    expect(verify([leaf, intermediate, root], otherRoot)).toEqual({ trusted: false, problem: 'unknown-issuer' })
  })
  test('no certificate, and none that can be read', () => {
    const direct = verifyChain([base64(intermediate)], trusting(root)) // nothing that is served has the key of whoever issued it
    expect(direct.trusted && direct.anchorKey).toBe(createPublicKey(root.pem).export({ type: 'spki', format: 'der' }).toString('base64'))
    expect(verifyChain([base64(leaf), base64(intermediate)], trusting(root))).not.toHaveProperty('anchorKey')
    expect(verifyChain([base64(root)], trusting(root))).not.toHaveProperty('anchorKey')
    expect(verifyChain([], trusting(root))).toEqual({ trusted: false, problem: 'no-certificate' })
    expect(verifyChain(['AAAA', base64(intermediate)], trusting(root))).toEqual({ trusted: false, problem: 'malformed' })
    expect(verifyChain([base64(leaf), 'AAAA', base64(intermediate)], trusting(root))).toMatchObject({ trusted: true, path: [0, 2] })
  })
  test('a leaf that signed another', async () => {
    const below = crossSign(await createSelfSigned({ names: ['victim.example'] }), { ...intermediate, ...leaf })
    expect(verify([below, leaf, intermediate], root)).toEqual({ trusted: false, problem: 'not-a-ca' })
  })
  test('more intermediates than pathLenConstraint permits', async () => {
    const constrained = crossSign(intermediate, root, copy => {
      const basic = copy.extensions?.find(extension => extension.extnID === '2.5.29.19')
      if (basic) basic.extnValue = new asn1.OctetString({ valueHex: Uint8Array.from([0x30, 6, 1, 1, 0xff, 2, 1, 0]).buffer })
    })
    expect(verify([leaf, constrained], root)).toMatchObject({ trusted: true, path: [0, 1] })
    const second = await intermediate.intermediate('Second')
    const below = await second.issue({ names: ['a.example'] })
    expect(verify([below, second, intermediate], root)).toMatchObject({ trusted: true, path: [0, 1, 2] })
    expect(verify([below, second, constrained], root)).toEqual({ trusted: false, problem: 'not-a-ca' })
  })
  test('a signature that somebody else made in the issuer’s name', async () => {
    const impostor = await createAuthority('Example Root')
    const forged = crossSign(intermediate, impostor)
    expect(verify([leaf, forged], root)).toEqual({ trusted: false, problem: 'bad-signature' })
  })
  test('an authority that changed its key and kept its name is another issuer', async () => {
    const renewed = await createAuthority('Example Root')
    expect(verify([leaf, intermediate], renewed)).toEqual({ trusted: false, problem: 'unknown-issuer' })
    expect(verify([leaf, intermediate], renewed, root)).toMatchObject({ trusted: true })
  })

  test('a cross-signed root: the shorter way counts, and the other one serves those who need it', () => {
    const cross = crossSign(root, otherRoot)
    expect(verify([leaf, intermediate, cross], root)).toMatchObject({ anchor: 'CN=Example Root', path: [0, 1] })
    expect(verify([leaf, intermediate, cross], otherRoot)).toMatchObject({ anchor: 'CN=Other Root', path: [0, 1, 2] })
  })
  test('of two certificates of one intermediate the one that lives longer is used, in whatever order they stand', () => {
    const expired = crossSign(intermediate, otherRoot, copy => copy.notAfter.value = until(2021))
    expect(verify([leaf, expired, intermediate], root, otherRoot)).toMatchObject({ anchor: 'CN=Example Root', path: [0, 2] })
    expect(verify([leaf, intermediate, expired], root, otherRoot)).toMatchObject({ anchor: 'CN=Example Root', path: [0, 1] })
    expect(verify([leaf, expired], root, otherRoot)).toMatchObject({ anchor: 'CN=Other Root', path: [0, 1] })
  })
  test('the longer way, when the shorter one expired', () => {
    const expired = crossSign(intermediate, otherRoot, copy => copy.notAfter.value = until(2021))
    const cross = crossSign(root, otherRoot)
    expect(verify([leaf, expired, intermediate, cross], otherRoot)).toMatchObject({ path: [0, 2, 3] })
  })

  test('authorities that vouch for each other in a circle end the search', () => {
    const there = crossSign(root, otherRoot)
    const back = crossSign(otherRoot, root)
    expect(verify([leaf, intermediate, there, back], leaf)).toMatchObject({ trusted: true, path: [0] })
    expect(verify([leaf, intermediate, there, back], intermediate)).toMatchObject({ path: [0] })
    expect(verify([leaf, intermediate, there, back])).toEqual({ trusted: false, problem: 'unknown-issuer' })
  })
  test('a crowd is cut off, wherever the good one stands in it', () => {
    const crowd = Array.from({ length: 30 }, () => crossSign(intermediate, otherRoot))
    expect(verify([leaf, ...crowd, intermediate], root)).toEqual({ trusted: false, problem: 'unknown-issuer' })
    expect(verify([leaf, ...crowd.slice(0, 5), intermediate], root)).toMatchObject({ trusted: true, path: [0, 6] })
  })

  test('a key that is made to be slow signs nothing, though it could', () => {
    const slow = keyWithExponent(exponent => exponent > 2n ** 1000n)
    const quick = keyWithExponent(exponent => exponent < 2n ** 32n)
    for (const [key, problem] of [[quick, undefined], [slow, 'bad-signature']] as const) {
      const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
      const [anchor, signed] = [root, leaf].map(certificate => {
        const copy = Certificate.fromBER(new Uint8Array(certificate.der).buffer)
        copy.issuer = Certificate.fromBER(new Uint8Array(root.der).buffer).subject
        copy.extensions = copy.extensions?.filter(extension => extension.extnID !== '2.5.29.35') ?? []
        if (certificate === root) copy.subjectPublicKeyInfo = PublicKeyInfo.fromBER(new Uint8Array(spki).buffer)
        copy.signature = copy.signatureAlgorithm = new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.11', algorithmParams: new asn1.Null() })
        copy.signatureValue = new asn1.BitString({ valueHex: new Uint8Array(sign('sha256', Buffer.from(copy.encodeTBS().toBER(false)), key)).buffer })
        const der = Buffer.from(copy.toSchema(true).toBER(false))
        return { der, pem: toPem(der) }
      })
      if (!anchor || !signed) throw new Error('there are two')
      expect(verify([signed], anchor)).toMatchObject(problem === undefined ? { trusted: true } : { trusted: false, problem })
    }
  })
})

// Node.js looks for PEM anywhere in the octets before it takes them for DER
test('a certificate that carries another one in PEM is not taken for that one', async () => {
  const root = await createAuthority('Example Root')
  const intermediate = await root.intermediate('Example Intermediate')
  const bystander = await intermediate.issue({ names: ['www.example.org'] })
  const forger = await createAuthority('Example Intermediate')
  const forged = await forger.issue({ names: ['imap.example.com'], crlUrls: [`\n${bystander.pem}\n`] })
  expect(new X509Certificate(forged.der).subjectAltName).toContain('www.example.org')
  expect(verifyChain([base64(forged), base64(intermediate)], trusting(root)).trusted).toBe(false)
  const below = await forger.intermediate('Example Intermediate')
  expect(verifyChain([base64(bystander), base64(intermediate)], trusting(root)).trusted).toBe(true)
  expect(verifyChain([base64(forged), base64(below), base64(intermediate)], trusting(root)).trusted).toBe(false)
})
