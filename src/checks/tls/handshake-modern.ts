import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { missingSafeguard, offerLine } from '../tls-offers.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/handshake-modern',
  title: 'TLS 1.3 is offered, and TLS 1.2 with extended master secret, secure renegotiation and without compression',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 9325 §3.1.1', 'RFC 9325 §3.3', 'RFC 7627', 'RFC 5746'],
  needs: ['serviceSessions', 'handshakes'],
  defersTo: ['tls/version-current'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held, { handshakes }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const endpoint = held.name
    if (tls.version !== 'TLSv1.3') return fail('failed', { endpoint, version: tls.version }, eventSeen(held, `${tls.version} ${tls.cipher}`))
    const lack = missingSafeguard(handshakes)
    if (lack === null) return pass
    if ('verdict' in lack) return lack
    return fail(lack.missing, { endpoint }, eventSeen(held, offerLine('tls-1.2', lack.seen)))
  },
  messages: {
    failed: '{endpoint}: TLS 1.3 is not offered, {version} is the newest',
    'no-master-secret': '{endpoint}: TLS 1.2 without extended master secret',
    'insecure-renegotiation': '{endpoint}: TLS 1.2 without secure renegotiation',
    compression: '{endpoint}: TLS 1.2 with compression',
  },
  explain: `TLS 1.3 is quicker and has left behind what TLS 1.2 has to be protected from: sessions that are spliced together,
    begun by one party and taken over by another, or given away by how well they compress.`,
  remedy: ({ endpoint: { host, port } }, _facts, _args, _scope, code) => ({
    text: code === 'failed' ? `Enable TLS 1.3 on ${host}:${port}; where that is not possible, update the TLS library (OpenSSL has it since 1.1.1).`
      : code === 'compression' ? `Switch off compression in the TLS configuration of ${host}:${port}, or update its TLS library.`
      : `Update the TLS library of the service behind ${host}:${port}.`,
  }),
})
