import type { CertificateRevocation } from '../../probes/revocations.ts'
import type { CrlMismatch, CrlSaying } from '../../syntax/crl.ts'
import { defineCheck, fail, passed, skip, unknown, unknownBecause, type Evidence } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { certificateLine, leafOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/certificate-not-revoked',
  title: 'The certificate is not on its issuer’s list of the revoked',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 5280 §6.3', 'RFC 6960 §2.2'],
  needs: ['serviceSessions', 'revocations', 'clock'],
  requires: 'thirdParties',
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held, { revocations, clock: { now } }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const leaf = leafOf(tls)
    if (!leaf) return skip('there is no certificate that can be read')
    const known = revocations.find(({ sha256 }) => sha256 === leaf.sha256)
    if (!known) return unknown('deadline-spent', 'the endpoints show more certificates than are asked about')
    const shown = eventSeen(held, `${certificateLine(leaf)}, serial ${leaf.serial}`)
    if (known.stapled) return fail('failed', { endpoint: held.name, date: known.stapled.date }, eventSeen(held, `OCSP response: revoked ${known.stapled.date}`), shown)
    if (!known.lists) return unknown('registry-silent', 'the list that it names is not on the web, but in a directory')
    if (!isFilled(known.lists)) return skip('its certificate names no list of the revoked')
    const listed = revokedOn(known)
    if (listed) {
      const { url, date, reason } = listed
      const evidence: Evidence = { from: 'https', url, line: `${leaf.serial} revoked ${date}${reason === null ? '' : ` ${reason}`}` }
      return fail('failed', { endpoint: held.name, date }, evidence, shown)
    }
    const sound = known.lists.find(({ saying }) => 'value' in saying && objection(saying.value, now) === null)
    if (sound && 'value' in sound.saying) return passed({ from: 'https', url: sound.url, line: `${leaf.serial} is not listed on ${sound.saying.value.thisUpdate}` })
    const [{ url, saying }] = known.lists
    return 'problem' in saying ? unknownBecause(saying.problem) : unknown('registry-silent', `the list at ${url} ${objection(saying.value, now) ?? 'proves nothing'}`)
  },
  messages: {
    failed: '{endpoint}: revoked on {date}',
  },
  explain: `The authority that issued the certificate has taken it back, because its key is no longer safe or it should never have been
    issued. Clients that look it up refuse to connect, and more and more of them do.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Issue a new certificate for ${host} with a new key, install it on port ${port}, and find out why the old one was revoked.`,
  }),
})

function isFilled<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0
}

/** Once it is taken back it stays so: a list that is out of date, or has only some reasons, is as good for that as any other. */
function revokedOn({ lists }: CertificateRevocation): { url: string; date: string; reason: string | null } | null {
  for (const { url, saying } of lists ?? []) {
    if (!('value' in saying) || saying.value.foreign !== null || saying.value.signed !== true || !saying.value.revoked) continue
    return { url, ...saying.value.revoked }
  }
  return null
}

/** Why a list on which the certificate is not proves nothing; null when it does. */
function objection({ signed, foreign, partial, thisUpdate, nextUpdate }: CrlSaying, now: string): string | null {
  if (foreign !== null) return mismatches[foreign]
  if (signed === null) return 'cannot be verified: the server does not send the certificate of the issuer'
  if (!signed) return 'is not signed by the issuer of the certificate'
  if (Date.parse(thisUpdate) > Date.parse(now)) return `is from the future (${thisUpdate})`
  if (nextUpdate === null) return 'does not say until when it is good'
  if (Date.parse(nextUpdate) < Date.parse(now)) return `is out of date since ${nextUpdate}`
  return partial ? 'is for some reasons of revocation alone' : null
}

const mismatches: Readonly<Record<CrlMismatch, string>> = {
  issuer: 'is of another authority',
  point: 'is another part of the authority’s list than the certificate names',
  kind: 'is for certificates of another kind',
  delta: 'has only what changed since another list',
  extension: 'demands what cannot be read here',
}
