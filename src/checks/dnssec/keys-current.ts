import { currentDigests, keyTag, rsaKeyBits } from '../../syntax/dnskey.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { mailZones, noZones } from '../mail-zones.ts'

/** RFC 6781 §3.4.2 permits less for keys that are soon replaced; nobody factors these. */
const enough = 2048

export default defineCheck({
  id: 'dnssec/keys-current',
  title: 'The parent vouches by SHA-256 or SHA-384, and RSA keys have 2048 bits',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 9904', 'RFC 6781 §3.4.2'],
  needs: ['zones', 'dnssec'],
  ...mailZones,
  nothing: noZones,
  judge({ name: zone }, { dnssec: { ds, dnskey } }) {
    if ('problem' in ds) return unknownBecause(ds.problem)
    const { records } = ds.value
    if (records.length === 0) return skip('the zone is not signed')
    if (!records.some(({ data }) => currentDigests.has(data.digestType))) {
      return fail('failed', { zone, digests: [...new Set(records.map(({ data }) => data.digestType))] }, ...records.map(recordSeen))
    }
    if ('problem' in dnskey) return unknownBecause(dnskey.problem)
    const small = dnskey.value.records.map(record => ({ record, bits: rsaKeyBits(record.data) })).filter(({ bits }) => bits !== null && bits < enough)
    const [first] = small
    if (!first) return pass
    return fail('small', { zone, tag: keyTag(first.record.data), bits: first.bits, count: small.length }, ...small.map(({ record }) => recordSeen(record)))
  },
  messages: {
    failed: '{zone}: the parent vouches for its key by digest type {digests} alone, and neither by 2 (SHA-256) nor 4 (SHA-384)',
    small: '{zone}: the RSA key {tag} has {bits} bits',
  },
  explain: `A chain is as strong as its weakest link. SHA-1 digests are no longer accepted everywhere, and small RSA keys come within
    reach of those who can afford the machines.`,
  remedy: ({ name: zone }, _facts, _args, _scope, code) => ({
    text: code === 'small' ? `Roll ${zone} over to algorithm 13 (ECDSAP256SHA256), or to RSA keys of ${enough} bits.`
      : `Give the parent of ${zone} a DS record with digest type 2, by way of the registrar.`,
  }),
})
