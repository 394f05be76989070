import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { protectedCertificates } from '../../src/syntax/protected-certificates.ts'

/** RFC 8448 §3: the simple handshake, as the server sends it. */
const hello = '160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e003300240'
  + '01d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304'
const flight = '17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f848a7ca07612ef9f9'
  + '45cb960b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df828b5ecf7b13bd9aefb0e57f271585b8ea9bb355c7c79'
  + '020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e122a4cf51427325250c7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8bf2d0b'
  + '227812cbb360987255cc744110c453baa4fcd610928d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead686945ba246ab66e5'
  + 'edd8044b4c6de3fcf2a89441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650f563aad27409960dca63d3e688611ea5e22f44'
  + '15cf9538d51a200c27034272968a264ed6540c84838d89f72c24461aad6d26f59ecaba9acbbb317b66d902f4f292a36ac1b639c637ce343117b659'
  + '622245317b49eeda0c6258f100d7d961ffb138647e92ea330faeea6dfa31c7a84dc3bd7e1b7a6c7178af36879018e3f252107f243d243dc7339d56'
  + '84c8b0378bf30244da8c87c843f5e56eb4c5e8280a2b48052cf93b16499a66db7cca71e4599426f7d461e66f99882bd89fc50800becca62d6c7411'
  + '6dbd2972fda1fa80f85df881edbe5a37668936b335583b599186dc5c6918a396fa48a181d6b6fa4f9d62d513afbb992f2b992f67f8afe67f76913f'
  + 'a388cb5630c8ca01e0c65d11c66a1e2ac4c85977b7c7a6999bbf10dc35ae69f5515614636c0b9b68c19ed2e31c0b3b66763038ebba42f3b38edc03'
  + '99f3a9f23faa63978c317fc9fa66a73f60f0504de93b5b845e275592c12335ee340bbc4fddd502784016e4b3be7ef04dda49f4b440a30cb5d2af93'
  + '9828fd4ae3794e44f94df5a631ede42c1719bfdabf0253fe5175be898e750edc53370d2b'
const secret = Buffer.from('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38', 'hex')
const suite = 'TLS_AES_128_GCM_SHA256'
const octets = Buffer.from(hello + flight, 'hex')

describe('the certificates of TLS 1.3', () => {
  test('are read from the handshake of RFC 8448', () => {
    expect(octets.length).toBe(95 + 679)
    const chain = protectedCertificates(octets, suite, secret)
    expect(chain).toHaveLength(1)
    expect(new X509Certificate(Buffer.from(chain?.[0] ?? '', 'base64')).subject).toBe('CN=rsa')
  })

  test('are read behind an alert that ends nothing', () => {
    expect(protectedCertificates(Buffer.concat([Buffer.from('15030300020170', 'hex'), octets]), suite, secret)).toHaveLength(1)
  })

  test('are not made up where the octets do not verify, are cut off, or have another cipher or secret', () => {
    const changed = Buffer.from(octets)
    changed.writeUInt8(changed.readUInt8(300) ^ 1, 300)
    expect(protectedCertificates(changed, suite, secret)).toBeNull()
    const longer = Buffer.from(octets)
    longer.writeUInt16BE(674 - 1, 95 + 3) // the header is authenticated too
    expect(protectedCertificates(longer, suite, secret)).toBeNull()
    for (let length = 0; length < octets.length; length += 7) expect(protectedCertificates(octets.subarray(0, length), suite, secret)).toBeNull()
    expect(protectedCertificates(octets, 'TLS_AES_256_GCM_SHA384', secret)).toBeNull()
    expect(protectedCertificates(octets, 'TLS_AES_128_CCM_SHA256', secret)).toBeNull()
    expect(protectedCertificates(octets, suite, Buffer.alloc(32))).toBeNull()
    expect(protectedCertificates(Buffer.from('1703030000', 'hex'), suite, secret)).toBeNull()
  })
})
