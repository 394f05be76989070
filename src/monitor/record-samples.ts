/** What the records of a domain measure: SPF, DMARC, MTA-STS, DNSSEC, its registration, block lists. */
import { policyOf } from '../checks/dmarc-record.ts'
import { appliedPolicy } from '../checks/mta-sts-policy.ts'
import { endOfRegistration } from '../checks/registration.ts'
import { earliestSignature } from '../checks/signatures.ts'
import { readListing } from '../evaluate/block-list.ts'
import { countLookups } from '../evaluate/spf-limits.ts'
import type { AddressListings } from '../probes/block-lists.ts'
import type { DnssecFacts } from '../probes/dnssec.ts'
import type { Report } from '../report/report.ts'
import type { Sample } from './metrics.ts'
import { factOf, factsBySubject } from './report-facts.ts'

/** Zones and addresses of a domain that are shown. */
const most = 10

export function recordSamples(report: Report): Sample[] {
  const { domain } = report
  return [...spfSamples(report), ...dmarcSamples(report), ...mtaStsSamples(report), ...dnssecSamples(report), ...registrationSamples(report), ...listingSamples(report)]
    .map(sample => ({ ...sample, labels: { domain, ...sample.labels } }))
}

function spfSamples(report: Report): Sample[] {
  const spf = factOf(report, 'spf')
  if (!spf || spf.records.length !== 1) return []
  const { count, problem } = countLookups(spf)
  return problem ? [] : [{ family: 'mailcheck_spf_lookups', labels: {}, value: count }]
}

function dmarcSamples(report: Report): Sample[] {
  const dmarc = factOf(report, 'dmarc')
  const policy = dmarc && policyOf(dmarc)
  if (!policy || 'verdict' in policy) return []
  const { applied, record } = policy
  return [{ family: 'mailcheck_dmarc_policy_info', labels: { policy: applied.policy, subdomain_policy: record.sp ?? applied.policy }, value: 1 }]
}

function mtaStsSamples(report: Report): Sample[] {
  const mtaSts = factOf(report, 'mtaSts')
  const policy = mtaSts && appliedPolicy(mtaSts, report.startedAt)
  if (!policy || 'verdict' in policy) return []
  return [
    { family: 'mailcheck_mta_sts_policy_info', labels: { mode: policy.mode }, value: 1 },
    { family: 'mailcheck_mta_sts_max_age_seconds', labels: {}, value: policy.maxAge },
  ]
}

function dnssecSamples(report: Report): Sample[] {
  const zones = factOf(report, 'zones')?.zones ?? []
  const bySubject = new Map(factsBySubject<DnssecFacts>(report, 'dnssec'))
  const served = factOf(report, 'servedRecords')
  return zones.slice(0, most).flatMap((zone): Sample[] => {
    const dnssec = bySubject.get(zone.name)
    const earliest = dnssec && earliestSignature(zone, dnssec, { value: served ?? [] })
    if (!earliest || 'verdict' in earliest) return []
    return [{ family: 'mailcheck_dnssec_signature_expiry_timestamp_seconds', labels: { zone: zone.name }, value: earliest.ends / 1000 }]
  })
}

function registrationSamples(report: Report): Sample[] {
  const ends = endOfRegistration(factOf(report, 'registration'))
  return ends === null ? [] : [{ family: 'mailcheck_domain_registration_expiry_timestamp_seconds', labels: {}, value: Date.parse(ends) / 1000 }]
}

function listingSamples(report: Report): Sample[] {
  return factsBySubject<AddressListings>(report, 'addressListings').slice(0, most).flatMap(([address, { listings }]) =>
    listings.flatMap(({ list, answer }): Sample[] => {
      if ('problem' in answer) return []
      const { listed, refused, undocumented } = readListing(list, answer.value)
      if (listed.length === 0 && (refused || undocumented.length > 0)) return []
      return [{ family: 'mailcheck_dnsbl_listed', labels: { list: list.id, address }, value: listed.length > 0 ? 1 : 0 }]
    }))
}
