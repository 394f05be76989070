import { fieldsNamed } from '../../syntax/message.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { fieldSeen } from '../message-seen.ts'

export default defineCheck({
  id: 'message/spf-and-dkim-aligned',
  title: 'Both SPF and DKIM pass for the domain in From',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 9989 §7.4'],
  needs: ['message'],
  requires: 'message',
  defersTo: ['message/dmarc-passes'],
  judge(_, { message: facts }) {
    if (!facts) return skip('no message was given')
    const { message: { fields }, verdict: { dmarc, spf, from }, problem } = facts
    const { alignment, result, because, identifiers } = dmarc
    if (result === 'none' || result === 'permerror') return skip(because)
    if (alignment.spf && alignment.dkim) return pass
    if (!alignment.spf && !spf) return unknown('not-disclosed', 'who handed the message over is not known: give --ip, --helo and --mail-from')
    if (identifiers.some(({ aligned }) => aligned === null)) return problem ? unknownBecause(problem) : unknown('dns-servfail', because)
    const seen = [...fieldsNamed(fields, 'From'), ...fieldsNamed(fields, 'Return-Path'), ...fieldsNamed(fields, 'DKIM-Signature')].slice(0, 8).map(fieldSeen)
    if (!alignment.spf && !alignment.dkim) return fail('neither', { from: dmarc.authorDomain ?? from }, ...seen)
    return fail('failed', { mechanism: alignment.spf ? 'SPF' : 'DKIM' }, ...seen)
  },
  messages: {
    failed: 'Only {mechanism} is aligned',
    neither: 'Neither SPF nor DKIM is aligned with {from}',
  },
  explain: `One aligned result is enough for DMARC until something breaks it: SPF breaks when mail is forwarded, DKIM when a list or
    a gateway changes the message. Large receivers ask bulk senders for both.`,
  remedy(_, { message: facts }, { mechanism }) {
    const author = facts?.verdict.dmarc.authorDomain ?? 'the domain in From'
    const signing = `sign with DKIM as ${author}`
    const path = `send with a MAIL FROM address at ${author}, and let its SPF record name the client`
    return { text: `${mechanism === 'SPF' ? capital(signing) : mechanism === 'DKIM' ? capital(path) : `${capital(signing)}, and ${path}`}.` }
  },
})

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
