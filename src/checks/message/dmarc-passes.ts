import { dkimResult } from '../../evaluate/message.ts'
import { fieldsNamed } from '../../syntax/message.ts'
import { defineCheck, fail, passed, skip, unknown, unknownBecause } from '../define.ts'
import { fieldSeen } from '../message-seen.ts'

export default defineCheck({
  id: 'message/dmarc-passes',
  title: 'The message passes DMARC: an aligned SPF or DKIM result',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 9989 §4.4', 'RFC 9989 §5.3.5'],
  needs: ['message'],
  requires: 'message',
  judge(_, { message: facts }) {
    if (!facts) return skip('no message was given')
    const { message: { fields }, verdict: { dmarc, spf, dkim, from, client }, problem } = facts
    const seen = [...fieldsNamed(fields, 'From'), ...fieldsNamed(fields, 'DKIM-Signature')].slice(0, 8).map(fieldSeen)
    switch (dmarc.result) {
      case 'pass': return passed(...seen)
      case 'none': return skip(dmarc.because)
      case 'permerror': return fail('author', { why: dmarc.because }, ...seen)
      case 'temperror': return problem ? unknownBecause(problem) : unknown('dns-servfail', dmarc.because)
      case 'fail':
        if (!spf) return unknown('not-disclosed', `no signature is aligned, and ${client.ip === null ? 'the client’s address' : 'the sender in MAIL FROM'} is not known: `
          + 'give --ip, --helo and --mail-from')
        return fail('failed', { from: dmarc.authorDomain ?? from, spf: `${spf.result} for ${spf.domain}`, dkim: signatureWords(dkim) }, ...seen)
    }
  },
  messages: {
    failed: '{from}: SPF {spf}, DKIM {dkim}: DMARC fails',
    author: 'DMARC cannot be evaluated: {why}',
  },
  explain: `Receivers do with such mail what your DMARC policy asks, from the junk folder to rejection, and large ones refuse it
    whatever the policy is.`,
  remedy(_, { message: facts }, __, ___, code) {
    const { authorDomain, identifiers = [] } = facts?.verdict.dmarc ?? {}
    const author = authorDomain ?? 'the domain in From'
    const own = facts?.verdict.dkim.find(({ domain }) => domain === authorDomain)
    const broken = own && identifiers.some(({ mechanism, domain }) => mechanism === 'dkim' && domain === author)
    return {
      text: code === 'author' ? 'Give the message one From field with an address in one domain.'
        : broken ? `The signature of ${author} does not hold (${own.why}): mend that, or send with a MAIL FROM address at ${author} whose SPF record names the client.`
        : `Sign with DKIM as ${author} (d=${author}), or send with a MAIL FROM address at ${author} whose SPF record names the client.`,
    }
  },
})

function signatureWords(dkim: readonly { readonly domain: string | null; readonly result: string }[]): string {
  if (dkim.length === 0) return 'none'
  const shown = dkim.slice(0, 3).map(({ domain, result }) => `${result} for ${domain ?? 'nobody'}`)
  return dkim.length > 3 ? `${dkimResult(dkim as never)} at best (${dkim.length} signatures)` : shown.join(', ')
}
