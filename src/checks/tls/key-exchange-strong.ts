import { defineCheck, fail, pass } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { exchangeUnanswered, takenLines, weakExchange } from '../tls-offers.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/key-exchange-strong',
  title: 'Keys are agreed on with forward secrecy, over groups of 2048 bits, X25519 or P-256 and up, and no cipher has blocks of 64 bits',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 9325 §4.1', 'RFC 9325 §4.2', 'RFC 9325 §4.5'],
  needs: ['serviceSessions', 'tlsScan'],
  requires: 'tlsScan',
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held, { tlsScan }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const endpoint = held.name
    const weak = weakExchange(tlsScan)
    const evidence = takenLines(tlsScan).map(line => eventSeen(held, line))
    switch (weak?.code) {
      case 'static': return fail('failed', { endpoint, cipher: weak.cipher }, ...evidence)
      case 'small-blocks': return fail('small-blocks', { endpoint, cipher: weak.cipher }, ...evidence)
      case 'short-group': return fail('short-group', { endpoint, bits: weak.bits }, ...evidence)
      case 'weak-curve': return fail('weak-curve', { endpoint, group: weak.group }, ...evidence)
      case undefined: return exchangeUnanswered(tlsScan) ?? pass
    }
  },
  messages: {
    failed: '{endpoint}: no forward secrecy with {cipher}',
    'small-blocks': '{endpoint}: blocks of 64 bits with {cipher}',
    'short-group': '{endpoint}: a Diffie-Hellman group of only {bits} bits',
    'weak-curve': '{endpoint}: key exchange over {group}, which is too small',
  },
  explain: `Without forward secrecy, whoever gets the server’s key one day reads everything that was ever recorded. A short
    group can be broken in advance, for every session at once; blocks of 64 bits give parts of long sessions away.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Offer only ECDHE and DHE ciphers with AES-GCM or ChaCha20 on ${host}:${port}, with X25519, P-256 or ffdhe2048 as the group.`,
  }),
})
