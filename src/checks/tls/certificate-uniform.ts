import type { SeenHandshake } from '../../probes/handshakes.ts'
import type { TlsSession } from '../../network/network.ts'
import { parseCertificate } from '../../syntax/certificate.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause, type Evidence, type Unknown } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { certificateLine } from '../served-chain.ts'

/** More names than these help nobody; hosting providers put a hundred into one certificate. */
const enough = 5

/** A host, and what it shows at every address and port. */
interface ShownHost {
  readonly name: string
  readonly seen: readonly SeenHandshake[]
}

export default defineCheck({
  id: 'tls/certificate-uniform',
  title: 'A host shows certificates for the same names at every address, whether the client names it (SNI) or not',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 8461 §7.1', 'RFC 7672 §8.1'],
  needs: ['seenHandshakes', 'mxSessions'],
  over: ({ seenHandshakes }) => hostsOf(seenHandshakes),
  nothing: 'nobody speaks TLS',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge({ name: host, seen }) {
    const shown = seen.flatMap(one => {
      const { session: { tls }, endpoint: { address, port } } = one.held
      const names = tls && namesOf(tls.chain)
      return names ? [{ one, address, port, names, chain: tls.chain }] : []
    })
    if (shown.length === 0) return skip('there is no certificate that can be read')
    for (const { one, address, port, names, chain } of shown) {
      const first = shown.find(other => other.port === port)
      if (!first || sameNames(first.names, names)) continue
      return fail('failed', { host, address1: first.address, name1: few(first.names), address2: address, name2: few(names) },
        certificateSeen(first.one, first.chain), certificateSeen(one, chain))
    }
    const open: Unknown[] = []
    for (const { one, address, names, chain } of shown) {
      const nameless = namelessOf(one)
      if ('verdict' in nameless) open.push(nameless)
      else if ('alert' in nameless) return fail('named-only', { host, address, name1: few(names), alert: nameless.alert }, eventSeen(one, `TLS handshake without SNI: ${nameless.alert}`))
      else if (!sameNames(nameless.names, names)) {
        return fail('without-name', { host, address, name1: few(names), name2: few(nameless.names) },
          certificateSeen(one, chain), eventSeen(one, `without SNI: ${shownCertificate(nameless.chain)}`))
      }
    }
    return open[0] ?? pass
  },
  messages: {
    failed: '{host}: {address1} serves {name1}, {address2} serves {name2}',
    'without-name': '{host}: {address} serves {name1}, and without SNI {name2}',
    'named-only': '{host}: {address} serves {name1}, and without SNI nothing at all ({alert})',
  },
  explain: `Whether the certificate fits then depends on which address a program happens to reach, or on how old it is:
    some people see errors that others cannot reproduce, and senders that insist on the name wait at one address in two.`,
  remedy: ({ name: host }, _facts, _args, _scope, code) => ({
    text: code === 'failed'
      ? `Deploy the same certificate on every address of ${host}.`
      : `Make the certificate of ${host} the default of the server, so that clients that name no host get it, too.`,
  }),
})

function hostsOf(seenHandshakes: readonly SeenHandshake[]): ShownHost[] {
  const secured = seenHandshakes.filter(({ held }) => held.session.tls)
  const names = [...new Set(secured.map(({ held }) => held.endpoint.host))]
  return names.map(name => ({ name, seen: secured.filter(({ held }) => held.endpoint.host === name) }))
}

/** What is shown to whoever names no host: names, the alert in their place, or why that is not known. */
function namelessOf({ handshakes: { plain, nameless }, held }: SeenHandshake):
  { readonly names: readonly string[]; readonly chain: readonly string[] } | { readonly alert: string } | Unknown {
  // An address in place of a host is never named (RFC 6066 §3): then the dialogue itself was without a name.
  const { tls } = held.session
  if (tls?.servername === null) return ofChain(tls.chain)
  if (!plain) return unknown('connection-lost', 'the handshake without SNI was not made')
  if ('problem' in plain) return unknownBecause(plain.problem)
  if (plain.value.accepted) return ofChain(plain.value.chain)
  if (!nameless) return unknown('connection-lost', 'the handshake without SNI was not made')
  if ('value' in nameless) return ofChain((nameless.value satisfies TlsSession).chain)
  const { event, detail } = nameless.problem
  return event === 'handshake' ? { alert: detail } : unknownBecause(nameless.problem)
}

function ofChain(chain: readonly string[]): { readonly names: readonly string[]; readonly chain: readonly string[] } | Unknown {
  const names = namesOf(chain)
  return names ? { names, chain } : unknown('connection-lost', 'the certificate that is shown without SNI cannot be read')
}

/** In one order and one case, whatever that of the certificate; the common name where there is no other. Null for none. */
function namesOf(chain: readonly string[]): readonly string[] | null {
  const leaf = parseCertificate(chain[0] ?? '')
  if (!leaf) return null
  const names = leaf.names.length > 0 ? leaf.names : leaf.commonNames
  return [...new Set(names.map(name => name.toLowerCase()))].toSorted()
}

function sameNames(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, i) => name === other[i])
}

function few(names: readonly string[]): readonly string[] {
  return names.length === 0 ? ['no host'] : names.slice(0, enough)
}

function shownCertificate(chain: readonly string[]): string {
  const leaf = parseCertificate(chain[0] ?? '')
  return leaf ? certificateLine(leaf) : 'no certificate that can be read'
}

function certificateSeen(one: SeenHandshake, chain: readonly string[]): Evidence {
  return eventSeen(one, shownCertificate(chain))
}
