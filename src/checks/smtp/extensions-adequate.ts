import { extensions } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { heardOffer, openingOf, setAside } from '../opening.ts'

/** Octets: 10 MiB, which a message with two photographs fills. */
const adequate = 10 * 1024 * 1024

export default defineCheck({
  id: 'smtp/extensions-adequate',
  title: 'The server takes 8-bit text, international addresses and messages of 10 MiB',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 1870 §4', 'RFC 6152', 'RFC 6531 §3.1'],
  needs: ['mxSessions'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held) {
    const opened = openingOf(held)
    if (opened.state !== 'open') return setAside(opened, held)
    // inside TLS the list is longer on some servers, and it is the one that counts
    const inside = held.session.ehloOverTls ? heardOffer(held.session, held.session.ehloOverTls) : null
    const offer = inside?.state === 'heard' ? inside.offer : opened.offer
    const listed = extensions(offer)
    const missing = ['8BITMIME', 'SMTPUTF8'].filter(name => !listed.has(name))
    const octets = sizeIn(listed.get('SIZE'))
    const small = octets !== null && octets > 0 && octets < adequate
    const { host } = held.endpoint
    const evidence = linesSeen(held, offer)
    if (missing.length > 0 && small) return fail('both', { host, missing, octets }, ...evidence)
    if (missing.length > 0) return fail('failed', { host, missing }, ...evidence)
    return small ? fail('small', { host, octets }, ...evidence) : pass
  },
  messages: {
    failed: '{host}: {missing} not offered',
    small: '{host}: messages of more than {octets} octets are refused',
    both: '{host}: {missing} not offered, and messages of more than {octets} octets are refused',
  },
  explain: `Without 8BITMIME senders have to re-encode text, which breaks signatures; without SMTPUTF8 nobody with an address in
    their own script can write to you; and a small limit turns away mail with a few photographs.`,
  remedy: ({ endpoint: { host } }, _facts, { missing }, _scope, code) => {
    const enable = Array.isArray(missing) ? `Enable ${missing.join(' and ')} on ${host}` : ''
    const raise = `${code === 'both' ? 'raise' : 'Raise'} the limit for messages on ${host} to ${adequate} octets or more (Postfix: message_size_limit)`
    return { text: `${code === 'failed' ? enable : code === 'small' ? raise : `${enable}, and ${raise}`}.` }
  },
})

/** Octets; 0 is no fixed limit (RFC 1870 §4); null: nothing is said. */
function sizeIn(parameters: readonly string[] | undefined): number | null {
  const [limit = ''] = parameters ?? []
  return /^\d{1,15}$/.test(limit) ? Number(limit) : null
}
