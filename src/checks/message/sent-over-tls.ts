import { fieldsNamed } from '../../syntax/message.ts'
import { defineCheck, fail, passed, skip, unknown } from '../define.ts'
import { fieldSeen } from '../message-seen.ts'

export default defineCheck({
  id: 'message/sent-over-tls',
  title: 'The message was handed over under TLS',
  severity: 'notice',
  question: 'send',
  rfc: ['RFC 3848'],
  needs: ['message'],
  requires: 'message',
  judge(_, { message: facts }) {
    if (!facts) return skip('no message was given')
    const { message: { fields }, verdict: { entry } } = facts
    if (!entry) return unknown('not-disclosed', 'no Received field tells who handed the message over')
    const seen = fieldsNamed(fields, 'Received').filter(({ line }) => line === entry.line).map(fieldSeen)
    if (entry.tls) return passed(...seen)
    if (entry.protocol === null) return unknown('not-disclosed', 'its Received field does not say with what protocol it came')
    return fail('failed', { host: entry.by ?? 'the receiving server' }, ...seen)
  },
  messages: { failed: '{host} received it without TLS' },
  explain: 'Everybody on the way can read such mail, and large receivers mark it for their users.',
  remedy: () => ({ text: 'Let the sending server use TLS where it is offered (Postfix: smtp_tls_security_level = may).' }),
})
