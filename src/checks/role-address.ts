/** The addresses at which every domain is to be reached whatever it is about (RFC 2142): one judgement for each of them. */
import type { OwnSmtpFacts, Purpose } from '../probes/own-smtp.ts'
import type { MxSession, MxSessionsFacts } from '../probes/session-sets.ts'
import type { Failure } from '../network/network.ts'
import type { Scope } from '../scope.ts'
import { fail, passed } from './define.ts'
import { shown } from './envelope.ts'

export function roleAddress(localPart: Purpose & ('postmaster' | 'abuse')) {
  return {
    needs: ['mxSessions', 'ownSmtp'] as const,
    requires: 'own' as const,
    over: ({ mxSessions }: { readonly mxSessions: MxSessionsFacts }): readonly MxSession[] => mxSessions.sessions,
    nothing: 'there is no MX address to ask',
    hidden: ({ mxSessions }: { readonly mxSessions: MxSessionsFacts }): Failure | null => mxSessions.hidden,
    judge(held: MxSession, { ownSmtp }: { readonly ownSmtp: OwnSmtpFacts }, { domain }: Scope) {
      const answer = shown(held, ownSmtp, localPart)
      switch (answer.state) {
        case 'taken': return passed(...answer.evidence)
        case 'aside': return answer.because
        case 'refused': return fail('failed', { host: held.endpoint.host, domain, reply: answer.line }, ...answer.evidence)
      }
    },
  }
}
