import type { InjectionFacts } from '../../probes/injection.ts'
import { parsePop3Status } from '../../syntax/pop3.ts'
import { parseSmtpLine } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass, passed, skip, unknown, unknownBecause } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { greetingOf, quote, setAside, upgradeExcuse } from '../opening.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/starttls-discards-plaintext',
  title: 'What is sent in clear behind STARTTLS is not taken for something said inside TLS',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 3207 §4.2', 'RFC 9051 §6.2.1', 'RFC 2595 §4', 'CVE-2011-0411'],
  needs: ['mxSessions', 'serviceSessions', 'injection'],
  requires: 'own',
  over: ({ mxSessions, serviceSessions }) =>
    [...mxSessions.sessions, ...foundServices(serviceSessions, userServices)].filter(({ endpoint }) => endpoint.tls === 'starttls'),
  nothing: 'nothing is upgraded with STARTTLS',
  hidden: ({ mxSessions, serviceSessions }) => mxSessions.hidden ?? hiddenServices(serviceSessions, userServices),
  judge(held, { injection }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const { startTls, injectedCommand = '', inside, failure } = injection
    if (!startTls) {
      if (failure) return unknownBecause(failure)
      const greeted = greetingOf({ session: { ...held.session, ...injection }, egress: null })
      if (greeted.state !== 'greeted') return setAside(greeted, held)
      const reason = injection.refusal && upgradeExcuse(held.session, injection.refusal)
      return reason ? unknown(reason, `the server answers the second dialogue with "${quote(held.session, injection.refusal ?? [])}"`)
        : skip('the server does not come to STARTTLS a second time')
    }
    const sent = ['STARTTLS', injectedCommand]
    if (!injection.tls) {
      const reason = upgradeExcuse(held.session, startTls)
      if (reason) return unknown(reason, `the server answers the upgrade to TLS with "${quote(held.session, startTls)}"`)
      // a refusal, or a handshake that cannot be made of a command: either way nothing was taken for what it is not
      if (failure && failure.event !== 'handshake' && failure.event !== 'closed') return unknownBecause(failure)
      return passed(...linesSeen(held, [...sent, ...startTls]))
    }
    if (inside && answersInjected(injection, inside)) return fail('failed', { endpoint: held.name }, ...linesSeen(held, [...sent, ...startTls, ...inside]))
    if (failure) return unknownBecause(failure)
    return inside ? pass : unknown('connection-lost', 'the session ended early')
  },
  messages: {
    failed: '{endpoint} runs commands injected before TLS',
  },
  explain: `The server keeps what came in clear behind STARTTLS, and reads it as the first command inside TLS. Somebody on the way can put
    commands of their own in front of what your people or other servers say: mail to them, for one, with the login of the
    person who comes next.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Update the server on ${host}, port ${port}: it has to drop what it received before the handshake (Postfix 2.8, Exim 4.76, Cyrus 2.4.7, Dovecot 2.3.14 and later do).`,
  }),
})

/** More replies than the one to our goodbye, or one with the tag of the injected command. */
function answersInjected({ protocol, injectedCommand = '' }: InjectionFacts, inside: readonly string[]): boolean {
  switch (protocol) {
    case 'imap': return inside.some(line => line.startsWith(`${injectedCommand.split(' ', 1)[0] ?? ''} `))
    case 'pop3': return inside.filter(line => parsePop3Status(line).ok !== null).length > 1
    case 'smtp': return inside.map(parseSmtpLine).filter(({ code, more }) => code !== null && code !== 421 && !more).length > 1
  }
}
