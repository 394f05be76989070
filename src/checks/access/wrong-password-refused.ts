import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { hiddenServices, userServices } from '../found-services.ts'
import { loginSeen, loginSubjects, outcomeOf } from '../login.ts'

export default defineCheck({
  id: 'access/wrong-password-refused',
  title: 'A wrong password does not open a mailbox',
  severity: 'critical',
  question: 'protect',
  rfc: ['RFC 4954 §6', 'RFC 9051 §7.1'],
  needs: ['serviceSessions', 'logins'],
  requires: 'login',
  alsoRequires: 'own',
  over: ({ serviceSessions, logins }) => loginSubjects(serviceSessions, logins),
  nothing: 'there is nowhere to log in',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(subject) {
    const { wrong, logins } = subject.here
    if (!wrong) {
      const outcome = logins.map(login => outcomeOf(subject, login)).find(({ state }) => state === 'aside')
      return outcome?.state === 'aside' ? outcome.because : skip('no account was let in with its own password, so that a refusal would tell nothing')
    }
    if (wrong.letIn) return fail('failed', { endpoint: subject.name, account: wrong.user }, ...loginSeen(subject, wrong))
    const outcome = outcomeOf(subject, wrong)
    if (outcome.state === 'aside') return outcome.because
    return wrong.failure && !wrong.reply ? unknownBecause(wrong.failure) : pass
  },
  messages: {
    failed: '{endpoint} accepts a wrong password for {account}',
  },
  explain: `Whoever knows the name of a mailbox can read it, and send in the name of its owner, with any password at all.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Close port ${port} on ${host} at once; then repair the login service (a test database, "nopassword" or "allow all" left from setting up), and look through its log for who has been let in.`,
  }),
})
