import { parentName } from '../../syntax/name.ts'
import { defineCheck, fail, passed, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { mailZones, noZones } from '../mail-zones.ts'

export default defineCheck({
  id: 'dnssec/zone-signed',
  title: 'The zone is signed, and its parent vouches for the key',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 9364'],
  needs: ['zones', 'dnssec'],
  ...mailZones,
  nothing: noZones,
  judge({ name: zone }, { dnssec: { ds, dnskey } }) {
    if ('problem' in ds) return unknownBecause(ds.problem)
    if ('problem' in dnskey) return unknownBecause(dnskey.problem)
    const seen = [...ds.value.records, ...dnskey.value.records].map(recordSeen)
    const parent = parentName(zone) === '' ? 'the root' : parentName(zone)
    if (ds.value.records.length > 0) {
      return dnskey.value.records.length > 0 ? passed(...ds.value.records.map(recordSeen)) : fail('keyless', { zone, parent }, ...seen, absenceSeen(dnskey.value))
    }
    if (dnskey.value.records.length > 0) return fail('unanchored', { zone, parent }, ...seen, absenceSeen(ds.value))
    return fail('failed', { zone }, absenceSeen(ds.value), absenceSeen(dnskey.value))
  },
  messages: {
    failed: '{zone} is not signed',
    unanchored: '{zone} is signed, but {parent} has no DS record for it',
    keyless: '{parent} has a DS record for {zone}, but the zone has no key',
  },
  explain: `Without a chain of signatures, whoever can forge DNS answers can send your mail elsewhere, and DANE, which binds the
    certificates of your MX hosts to their names, cannot be used.`,
  remedy: ({ name: zone }, _facts, { parent }, _scope, code) => ({
    text: code === 'keyless' ? `Publish the key of ${zone} again, or have the DS record removed at the registrar.`
      : code === 'unanchored' ? `Give the DS record of the key to ${String(parent)}, by way of the registrar.`
        : `Sign ${zone} (most DNS providers do it at the press of a button), and give its parent the DS record.`,
  }),
})
