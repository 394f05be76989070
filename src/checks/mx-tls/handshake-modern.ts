import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { exchangeUnanswered, missingSafeguard, offerLine, takenLines, weakExchange } from '../tls-offers.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/handshake-modern',
  title: 'The MX host agrees on keys with forward secrecy and strong groups, and takes the precautions of TLS 1.2',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 9325 §3.3', 'RFC 9325 §4.1', 'RFC 9325 §4.2', 'RFC 9325 §4.5', 'RFC 7627', 'RFC 5746'],
  needs: ['mxSessions', 'handshakes', 'tlsScan'],
  requires: 'tlsScan',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { handshakes, tlsScan }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { endpoint: { host }, session } = held
    const weak = weakExchange(tlsScan)
    const evidence = takenLines(tlsScan).map(line => eventSeen(session, line))
    switch (weak?.code) {
      case 'static': return fail('failed', { host, cipher: weak.cipher }, ...evidence)
      case 'small-blocks': return fail('small-blocks', { host, cipher: weak.cipher }, ...evidence)
      case 'short-group': return fail('short-group', { host, bits: weak.bits }, ...evidence)
      case 'weak-curve': return fail('weak-curve', { host, group: weak.group }, ...evidence)
      case undefined: break
    }
    const lack = missingSafeguard(handshakes)
    if (lack && !('verdict' in lack)) return fail(lack.missing, { host }, eventSeen(session, offerLine('tls-1.2', lack.seen)))
    return exchangeUnanswered(tlsScan) ?? lack ?? pass
  },
  messages: {
    failed: '{host}: no forward secrecy with {cipher}',
    'small-blocks': '{host}: blocks of 64 bits with {cipher}',
    'short-group': '{host}: a Diffie-Hellman group of only {bits} bits',
    'weak-curve': '{host}: key exchange over {group}, which is too small',
    'no-master-secret': '{host}: TLS 1.2 without extended master secret',
    'insecure-renegotiation': '{host}: TLS 1.2 without secure renegotiation',
    compression: '{host}: TLS 1.2 with compression',
  },
  explain: `A sender of today gets something better, so mail is safe as long as nobody interferes. Old senders, and those
    that somebody on the way makes fall back, get what can be broken later from a recording.`,
  remedy: ({ endpoint: { host } }, _facts, _args, _scope, code) => ({
    text: ['no-master-secret', 'insecure-renegotiation', 'compression'].includes(code)
      ? `Update the TLS library of the mail server on ${host}.`
      : `Offer ECDHE with AES-GCM or ChaCha20 on ${host}, over X25519, P-256 or ffdhe2048, and no RSA key transport or 3DES (Postfix: smtpd_tls_exclude_ciphers = kRSA, 3DES).`,
  }),
})
