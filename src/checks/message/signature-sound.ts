import type { SignatureVerdict } from '../../evaluate/dkim-verify.ts'
import { fieldsNamed } from '../../syntax/message.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { fieldSeen } from '../message-seen.ts'

export default defineCheck({
  id: 'message/signature-sound',
  title: 'The DKIM signatures cover what they should, and are of today',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 6376 §5.4', 'RFC 6376 §8.2', 'RFC 8301 §3.1'],
  needs: ['message'],
  requires: 'message',
  judge(_, { message: facts }) {
    if (!facts) return skip('no message was given')
    const { message: { fields }, verdict: { dkim } } = facts
    if (dkim.length === 0) return skip('the message is not signed')
    const seen = (line: number) => fieldsNamed(fields, 'DKIM-Signature').filter(field => field.line === line).map(fieldSeen)
    const faults = dkim.flatMap(signature => faultsOf(signature).map(why => ({ signature, why })))
    const [first] = faults
    if (!first) return passed(...dkim.slice(0, 4).flatMap(({ line }) => seen(line)))
    const { signature: { domain, selector } } = first
    return fail('failed', { signature: `the signature of ${domain ?? 'nobody'} (selector ${selector ?? 'none'})`, why: first.why, count: faults.length },
      ...[...new Set(faults.map(({ signature: { line } }) => line))].slice(0, 8).flatMap(seen))
  },
  messages: { failed: '{signature}: {why}' },
  explain: `A signature that leaves part of the message open vouches for what others add to it; one that is out of date, or made with
    SHA-1, counts for nothing.`,
  remedy: () => ({ text: 'In the signing server: sign From (and Subject, Date, To), without l=, with rsa-sha256 or ed25519-sha256, and let x= lie well after the delivery.' }),
})

function faultsOf({ signature, code, unsignedOctets }: SignatureVerdict): string[] {
  const has = (problem: string): boolean => signature.problems.some(other => other.code === problem)
  return [
    ...has('from-not-signed') ? ['it does not cover From'] : [],
    ...signature.bodyLength === null ? [] : [unsignedOctets > 0 ? `l=${signature.bodyLength} leaves ${unsignedOctets} octets of the body unsigned` : `l=${signature.bodyLength} lets anybody append to the body`],
    ...code === 'expired' ? [`it expired on ${new Date((signature.expiresAt ?? 0) * 1000).toISOString()}`] : [],
    ...has('obsolete-algorithm') ? ['it is made with SHA-1'] : [],
  ]
}
