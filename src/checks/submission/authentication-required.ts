import { parseSmtpReply, smtpRefusal } from '../../syntax/smtp.ts'
import { defineCheck, fail, passed, unknown } from '../define.ts'
import { evidenceOf, isTaken, notShown } from '../envelope.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { quote } from '../opening.ts'

const here = ['submissions', 'submission'] as const

export default defineCheck({
  id: 'submission/authentication-required',
  title: 'Submission takes mail only from people who have logged in',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 6409 §4.3', 'RFC 4954 §6'],
  needs: ['serviceSessions', 'ownSubmission'],
  requires: 'own',
  over: ({ serviceSessions }) => foundServices(serviceSessions, here),
  nothing: 'no submission service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, here),
  judge(held, { ownSubmission: own }) {
    const open = own.envelopes.find(isTaken)
    if (open) return fail('failed', { endpoint: held.name }, ...evidenceOf(held, open))
    const refused = own.envelopes.findLast(({ mail, rcpt }) => (parseSmtpReply(rcpt ?? mail).code ?? 0) >= 500)
    // "client host rejected" is how many servers say that nobody gets in without a login
    if (refused) return passed(...evidenceOf(held, refused))
    const last = own.envelopes.at(-1)
    const reply = last?.rcpt ?? last?.mail
    const reason = reply && smtpRefusal(reply, { command: last?.rcpt ? 'RCPT' : 'MAIL', server: held.endpoint.address })
    return reply && reason ? unknown(reason, `the server answers "${quote(own, reply)}"`) : notShown(held, own)
  },
  messages: {
    failed: '{endpoint} accepts mail without login',
  },
  explain: `A submission port is where people hand in mail to be sent in their name. One that asks nobody who they are lets
    everybody send in the name of your people, and past the filters that stand before port 25.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Require a login on ${host}, port ${port} (Postfix, in the entry of master.cf: -o smtpd_client_restrictions=permit_sasl_authenticated,reject).`,
  }),
})
