import type { Subject } from '../../probes/index.ts'
import { defineCheck, fail, pass, unknown } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { hiddenServices, userServices } from '../found-services.ts'
import { homeless, loginSeen, loginSubjects, outcomeOf, type LoginSubject } from '../login.ts'

export default defineCheck({
  id: 'access/login-works',
  title: 'The accounts that you gave are let in',
  severity: 'critical',
  question: 'access',
  rfc: ['RFC 4954 §4', 'RFC 9051 §7.1', 'RFC 1939 §7', 'RFC 3206'],
  needs: ['serviceSessions', 'logins'],
  requires: 'login',
  over: ({ serviceSessions, logins }, { accounts, domain }): (LoginSubject | Subject)[] =>
    [...loginSubjects(serviceSessions, logins), ...(homeless(accounts, serviceSessions, logins) ? [{ name: domain }] : [])],
  nothing: 'the configuration names no account of this domain',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(subject, { serviceSessions, logins }, { accounts }) {
    if (!('here' in subject)) {
      const service = homeless(accounts, serviceSessions, logins)?.service ?? 'imaps'
      return unknown('endpoint-unknown', `no ${service} endpoint is declared, and no customary name answers: there is nowhere to log in. `
        + `Declare it as "services: { ${service}: HOST }" in the configuration, or as an SRV record`)
    }
    const { endpoint, here: { logins: tried } } = subject
    const outcomes = tried.map(login => ({ login, outcome: outcomeOf(subject, login) }))
    for (const { login, outcome } of outcomes) {
      if (outcome.state === 'refused') return fail('failed', { endpoint: subject.name, reply: outcome.line }, ...loginSeen(subject, login))
      if (outcome.state === 'unproven') return fail('unproven', { endpoint: subject.name, account: login.user, reply: outcome.line }, ...loginSeen(subject, login))
      if (outcome.state === 'not-offered') {
        return fail('not-offered', { endpoint: subject.name, mechanism: login.asked ?? '', account: login.user }, ...linesSeen(subject, login.offer ?? [endpoint.host]))
      }
    }
    const open = outcomes.map(({ outcome }) => outcome).find(outcome => outcome.state === 'aside')
    return open?.because ?? pass
  },
  messages: {
    'failed': '{endpoint}: "{reply}"',
    'unproven': '{endpoint} does not prove that it knows the password of {account}: "{reply}"',
    'not-offered': '{endpoint} does not offer {mechanism}, which you ask for to log in as {account}',
  },
  explain: `The server answers, and does not let in whom it should: a wrong or expired password, or a login service behind it that is out of
    order. Then nobody can read or send. Where the server does not prove that it knows the password, somebody else may be
    answering in its place.`,
  remedy: (subject, _facts, _args, _scope, code) => ({
    text: code === 'unproven'
      ? 'Find out who answers there before anybody logs in again; if it is your server, its stored SCRAM keys do not fit the password: set the password anew.'
      : code === 'not-offered'
        ? `Enable the mechanism on ${subject.name}, or take "mechanism" out of the account in the configuration.`
        : `Check the account and its password with a mail program, then the login service behind ${subject.name} and its log.`,
  }),
})
