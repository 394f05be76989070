/**
 * The facts that tools are compared by, and how each can be seen to tell one: others by the words of their output, mailcheck by
 * its report in JSON.
 */
import type { Finding } from '../../src/run.ts'
import type { Report } from '../../src/report/report.ts'
import type { ServiceSession } from '../../src/probes/session.ts'

export type Service = 'smtp' | 'imap' | 'pop3' | 'dane'

export interface Fact {
  readonly fact: string
  ours(json: string): boolean
  readonly others: RegExp
}

interface Told {
  readonly findings: readonly Finding[]
  readonly sessions: readonly ServiceSession[]
}

function read(json: string): Told {
  const { reports: [report] } = JSON.parse(json) as { reports: Report[] }
  const { smtp = {}, service = {} } = report?.facts as Partial<Record<'smtp' | 'service', Record<string, ServiceSession>>>
  return { findings: report?.findings ?? [], sessions: [...Object.values(smtp), ...Object.values(service)] }
}

/** A check that came to a verdict, whichever it is. */
const decided = (...ids: string[]) => (json: string): boolean =>
  read(json).findings.some(({ check, verdict }) => ids.includes(check) && (verdict === 'pass' || verdict === 'fail'))
/** Something that every session with the service gave. */
const heard = (fact: (session: ServiceSession) => unknown) => (json: string): boolean => {
  const { sessions } = read(json)
  return sessions.length > 0 && sessions.every(session => Boolean(fact(session)))
}
const never = /(?!)/

const offered = (session: ServiceSession, over: boolean): unknown => {
  switch (session.protocol) {
    case 'smtp': return over ? session.ehloOverTls : session.ehlo
    case 'imap': return over ? session.capabilityOverTls : session.capability
    case 'pop3': return over ? session.capaOverTls : session.capa
  }
}

const session: readonly Fact[] = [
  { fact: 'the greeting', ours: heard(({ greeting }) => greeting), others: /^(?:posttls-finger: < )?(?:220[ -].*ESMTP|\* OK \[|\+OK )/m },
  { fact: 'what is offered in clear', ours: heard(one => offered(one, false)), others: /250-STARTTLS|LOGINDISABLED/ },
  { fact: 'STARTTLS is offered, and answered', ours: heard(({ startTls }) => startTls), others: /220 2\.0\.0 Ready to start TLS|STARTTLS via/ },
  { fact: 'what is offered over TLS', ours: heard(one => offered(one, true)), others: /250 CHUNKING|AUTH=PLAIN/ },
  { fact: 'how soon the greeting came', ours: heard(({ transcript }) => transcript[0]?.at !== undefined), others: /\d sec\. response time|[\d.]+ second response time/ },
]

const tls: readonly Fact[] = [
  { fact: 'TLS version that is negotiated', ours: heard(one => one.tls?.version), others: /TLSv1\.3 with cipher|TLS 1\.3\s+offered/ },
  { fact: 'cipher that is negotiated', ours: heard(one => one.tls?.cipher), others: /with cipher \S+|FS is offered \(OK\)\s+\S/ },
  { fact: 'key exchange that is negotiated', ours: heard(one => one.tls?.keyExchange), others: /key-exchange \S+|Elliptic curves offered:\s+\S/ },
  { fact: 'the chain leads to a trusted root', ours: heard(one => one.tls?.trust), others: /Chain of trust\s+Ok|Verified TLS connection/ },
  { fact: 'the chain is complete as served', ours: decided('tls/chain-complete', 'mx-tls/certificate-verifiable'), others: /chain is complete|Chain of trust\s+Ok/ },
  { fact: 'the certificate names the host', ours: decided('mx-tls/certificate-verifiable', 'tls/certificate-names-host'), others: /Trust \(hostname\)\s+Ok|Verified TLS connection|subjectAltName.*mx1/ },
  { fact: 'the key, and how strong it is', ours: decided('mx-tls/key-strong', 'tls/certificate-trusted'), others: /Server key size\s+\S|public-key.*bit|server-signature \S+ \(\S+\)/ },
  { fact: 'the hash of the signature', ours: decided('mx-tls/certificate-verifiable', 'tls/certificate-trusted'), others: /Signature Algorithm\s+\S|server-digest \S+/ },
  { fact: 'when the certificate ends', ours: heard(one => one.tls?.chain[0]), others: /Certificate Validity|will expire on|expires in/ },
  { fact: 'a stapled OCSP response, or none', ours: heard(one => one.tls && 'ocspResponse' in one.tls), others: /OCSP stapling\s+\S/ },
  { fact: 'words in clear behind the consent to STARTTLS', ours: heard(one => one.tls && one.startTls), others: never },
]

const scan: readonly Fact[] = [
  { fact: 'every TLS version that is offered', ours: decided('mx-tls/old-versions-refused', 'tls/obsolete-refused'), others: /SSLv3\s+(?:not )?offered[^]*TLS 1\.3\s+(?:not )?offered/ },
  { fact: 'weak ciphers, class by class', ours: decided('mx-tls/ciphers-strong', 'tls/obsolete-refused'), others: /NULL ciphers[^]*(?:not )?offered/ },
]

const passwords: Fact = { fact: 'passwords are not taken in clear', ours: decided('imap/no-plaintext-auth', 'pop3/no-plaintext-auth', 'smtp/auth-not-before-tls'), others: never }

export const facts: Readonly<Record<Service, readonly Fact[]>> = {
  smtp: [
    ...session, passwords, ...tls,
    { fact: 'the name in the greeting exists in the DNS', ours: decided('smtp/greeting-name-resolves'), others: never },
    ...scan,
  ],
  imap: [
    ...session, passwords, ...tls,
    { fact: 'mechanisms to log in by', ours: decided('access/mechanisms-current'), others: /AUTH=PLAIN/ },
    ...scan,
  ],
  pop3: [
    ...session, passwords, ...tls,
    { fact: 'UIDL, without which mail cannot be left', ours: decided('pop3/uidl-offered'), others: never },
    ...scan,
  ],
  dane: [
    { fact: 'TLSA records, and whether they are signed', ours: decided('dane/tlsa-secure'), others: /DNSSEC-signed TLSA record/ },
    { fact: 'TLSA records match what is shown', ours: decided('dane/tlsa-matches'), others: /Matched DANE|Verified TLS connection/ },
    { fact: 'the TLSA record of the next key is there', ours: decided('dane/rollover-prepared'), others: never },
  ],
}
