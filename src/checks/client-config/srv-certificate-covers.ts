import type { HeldService } from '../../probes/session-sets.ts'
import { certificateCovers, type CertificateInfo } from '../../syntax/certificate.ts'
import { services } from '../../services.ts'
import { defineCheck, fail, pass, skip, unknown, type Unknown } from '../define.ts'
import { advertisedSeen } from '../advertised.ts'
import { eventSeen } from '../evidence.ts'
import { certificateLine, leafOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

/** More names than these help nobody. */
const enough = 10

export default defineCheck({
  id: 'client-config/srv-certificate-covers',
  title: 'Certificates behind SRV records name the domain itself',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 6186 §6', 'RFC 7817 §3'],
  needs: ['namedServices', 'serviceSessions'],
  over: ({ namedServices: { advertised } }, { domain }) => (advertised.length > 0 ? [{ name: domain }] : []),
  nothing: 'no SRV record for mail programs names a host',
  hidden: ({ namedServices }) => Object.values(namedServices.srv).flatMap(answer => ('problem' in answer ? [answer.problem] : []))[0] ?? null,
  judge({ name: domain }, { namedServices: { advertised, srv }, serviceSessions: { sessions } }) {
    const answers = Object.values(srv).flatMap(answer => ('value' in answer && answer.value.records.length > 0 ? [answer.value] : []))
    if (answers.every(({ secure, signatures }) => secure || signatures.length > 0)) return skip('the zone is signed: the host that the record names can be relied on')
    const wrong: { readonly held: HeldService; readonly leaf: CertificateInfo }[] = []
    let covered = 0
    let open: Unknown | undefined
    for (const held of sessions) {
      const { host, port, service } = held.endpoint
      if (!advertised.some(one => one.host === host && one.port === port && one.service === service)) continue
      const tls = tlsOf(held)
      if ('verdict' in tls) {
        if (tls.verdict === 'unknown') open ??= tls
        continue
      }
      const leaf = leafOf(tls)
      if (!leaf) continue
      const label = services[service].srv?.replace(/\._tcp$/, '') ?? ''
      if (certificateCovers(leaf.names, domain) || leaf.srvNames.includes(`${label}.${domain}`)) covered++
      else wrong.push({ held, leaf })
    }
    const [first] = wrong
    if (!first) return open ?? (covered > 0 ? pass : skip('no certificate was seen there'))
    if (answers.some(({ secure, adTrusted }) => !secure && !adTrusted)) {
      return unknown('ad-untrusted', 'the certificate does not name the domain, which matters only if the zone is not signed')
    }
    // a host shows one certificate, mostly: at one of its ports and addresses is enough
    const hosts = [...new Map(wrong.toReversed().map(one => [one.held.endpoint.host, one])).values()].toReversed()
    const records = advertised.filter(one => hosts.some(({ held }) => held.endpoint.host === one.host)).map(one => advertisedSeen(one, srv))
    const evidence = [...records, ...hosts.map(({ held, leaf }) => eventSeen(held, certificateLine(leaf)))]
    const count = hosts.length > 1 ? { count: hosts.length } : {}
    const endpoint = first.held.name
    const names = first.leaf.names.slice(0, enough)
    return names.length > 0 ? fail('failed', { endpoint, names, domain, ...count }, ...evidence) : fail('nameless', { endpoint, domain, ...count }, ...evidence)
  },
  messages: {
    failed: '{endpoint}: certificate names {names}, not {domain}',
    nameless: '{endpoint}: certificate names no host, and not {domain}',
  },
  explain: `Whoever can forge an answer of the DNS can point mail programs to a server of his own, with a certificate of its
    own name. So careful programs want to see your domain in the certificate, and otherwise ask people whether they trust the
    other name.`,
  remedy: ({ name: domain }) => ({
    text: `Have the certificate reissued so that it also names ${domain}, or sign the zone (DNSSEC): then programs can rely on the host that the record names.`,
  }),
})
