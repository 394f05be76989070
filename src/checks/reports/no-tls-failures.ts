import type { ReportDigest, TlsFailures } from '../../evaluate/report-digest.ts'
import { defineCheck, fail, passed, skip, type Evidence, type Subject } from '../define.ts'
import { reportSeen, since } from '../reported.ts'

/** Days up to the last that a report is about: what was mended before is past. */
const recent = 7
const mostHosts = 50

interface Host extends Subject {
  /** Gravest first; empty for the domain, when nothing fails. */
  readonly failures: readonly TlsFailures[]
}

export default defineCheck({
  id: 'reports/no-tls-failures',
  title: 'Senders report no session whose TLS failed',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 8460 §4.3'],
  needs: ['reports'],
  requires: 'reports',
  over: ({ reports }, { domain }): readonly Host[] => {
    const found = reports ? failingHosts(reports) : []
    return found.length > 0 ? found : [{ name: domain, failures: [] }]
  },
  nothing: 'no reports were given',
  judge({ name, failures: [first, ...others] }, { reports }) {
    if (!reports) return skip('no reports were given')
    const { reports: count, success, to } = reports.tls
    if (count === 0) return skip('there is no TLS report on the domain among them')
    if (!first) return passed(reportSeen('TLS reports', `${success} sessions in order until ${to ?? ''}`))
    return fail('failed', { count: first.count, host: name, type: first.type }, ...[first, ...others].flatMap(failureSeen).slice(0, 10))
  },
  messages: {
    failed: '{count} sessions to {host}: {type}',
  },
  explain: `Senders that honour your MTA-STS policy or your TLSA records do not deliver over a session that fails: the mail waits, and then
    bounces. Others deliver it where anybody on the way can read it.`,
  remedy: ({ name, failures }) => {
    const [first] = failures
    const type = first?.type ?? ''
    const cure = Object.hasOwn(cures, type) ? cures[type] : undefined // a stranger chose the word
    return { text: cure?.(name) ?? `Ask the sender what "${type}" means, and check ${name} with the checks of mx-tls, mta-sts and dane.` }
  },
})

function failureSeen({ type, count, days, receivers, policies, reason }: TlsFailures): Evidence[] {
  const when = days.length === 1 ? days[0]?.day ?? '' : `${days[0]?.day ?? ''} to ${days.at(-1)?.day ?? ''}`
  return [reportSeen(`TLS reports of ${receivers.slice(0, 3).join(', ')}`, `${when}: ${count} sessions, ${type} (policy ${policies.join(', ')})${reason === null ? '' : `: ${reason}`}`)]
}

/** By host, with what failed on the last days. */
function failingHosts({ tls: { failures, to } }: ReportDigest): Host[] {
  if (to === null) return []
  const from = since(to, recent)
  const hosts = new Map<string, TlsFailures[]>()
  for (const one of failures) {
    const days = one.days.filter(({ day }) => day >= from)
    const count = days.reduce((sum, { count: sessions }) => sum + sessions, 0)
    if (count > 0) hosts.set(one.host, [...hosts.get(one.host) ?? [], { ...one, days, count }])
  }
  return [...hosts].slice(0, mostHosts).map(([name, list]) => ({ name, failures: list.toSorted((a, b) => b.count - a.count) }))
}

const cures: Readonly<Record<string, (host: string) => string>> = {
  'starttls-not-supported': host => `Have ${host} offer STARTTLS on port 25 to everybody: see mx-tls/starttls-works.`,
  'certificate-host-mismatch': host => `Give ${host} a certificate that names it: see mta-sts/mx-verifiable.`,
  'certificate-expired': host => `Renew the certificate of ${host} and have the mail server load it: see mta-sts/mx-verifiable and tls/certificate-in-date.`,
  'certificate-not-trusted': host => `Have ${host} send the whole chain of a certificate that public clients trust: see mta-sts/mx-verifiable.`,
  'validation-failure': host => `Check the TLS of ${host} with mx-tls, mta-sts and dane: the sender gives no closer reason.`,
  'tlsa-invalid': host => `Publish TLSA records that match the certificate of ${host}: see dane/tlsa-matches.`,
  'dnssec-invalid': host => `Mend the DNSSEC of the zone of ${host}: see dnssec/chain-valid.`,
  'dane-required': host => `Publish signed TLSA records for ${host}, or agree with the sender that DANE is not required: see dane/tlsa-secure.`,
  'sts-policy-fetch-error': host => `Have the MTA-STS policy of ${host} served over HTTPS: see mta-sts/policy-served.`,
  'sts-policy-invalid': host => `Correct the text of the MTA-STS policy of ${host}: see mta-sts/policy-valid.`,
  'sts-webpki-invalid': host => `Give the policy host of ${host} a certificate that browsers trust: see mta-sts/policy-served.`,
}
