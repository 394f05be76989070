/** From an endpoint to the dialogue its protocol speaks. */
import type { Endpoint } from '../network/network.ts'
import { services, type ServiceName } from '../services.ts'
import type { MxEndpoint } from './addresses.ts'
import { brief, patient, type Patience } from './converse.ts'
import { probeImap } from './imap.ts'
import type { ProbeContext } from './index.ts'
import { probePop3 } from './pop3.ts'
import type { ServiceEndpoint } from './services.ts'
import type { ImapFacts, Pop3Facts, ServiceSession, SmtpFacts } from './session.ts'
import type { Script } from './sessions.ts'
import { probeSmtp } from './smtp.ts'

export function probeMxSession({ network, scope, sessions }: ProbeContext, endpoint: MxEndpoint): Promise<SmtpFacts> {
  return sessions.hold(network, endpoint, smtpScript(scope.ehloName, patient))
}

/** Whether the dialogue with this endpoint comes to TLS; as soon as that is likely, or ruled out. */
export function mxTowardsTls({ network, scope, sessions }: ProbeContext, endpoint: MxEndpoint): Promise<boolean> {
  return sessions.towardsTls(network, endpoint, smtpScript(scope.ehloName, patient))
}

/** The same for a service that is known without its set-up files. */
export function serviceTowardsTls({ network, scope, sessions }: ProbeContext, endpoint: ServiceEndpoint): Promise<boolean> {
  return sessions.towardsTls(network, endpoint, scriptFor(endpoint.service, scope.ehloName, endpoint.source === 'guess' ? brief : patient))
}

export async function probeService({ network, scope, sessions }: ProbeContext, endpoint: ServiceEndpoint): Promise<ServiceSession> {
  const hold = (patience: Patience): Promise<ServiceSession> => sessions.hold(network, endpoint, scriptFor(endpoint.service, scope.ehloName, patience))
  switch (endpoint.source) {
    case 'config': case 'srv': return hold(patient)
    case 'guess': return hold(brief)
    default: {
      // Until a set-up file named it, it may have been a guess, and asked in haste.
      const hasty = await hold(brief)
      return hasty.failure?.stage === 'connect' && hasty.failure.event === 'timeout' ? hold(patient) : hasty
    }
  }
}

/** The same endpoint with the other manner of TLS, which nobody advertises: asked in haste. */
export function probeOtherwise({ network, scope, sessions }: ProbeContext, endpoint: Endpoint, service: ServiceName): Promise<ServiceSession> {
  return sessions.hold(network, endpoint, scriptFor(service, scope.ehloName, brief))
}

function scriptFor(service: ServiceName, ehloName: string, patience: Patience): Script<ServiceSession> {
  switch (services[service].protocol) {
    case 'smtp': return smtpScript(ehloName, patience)
    case 'imap': return imapScript(patience)
    case 'pop3': return pop3Script(patience)
  }
}

function smtpScript(ehloName: string, patience: Patience): Script<SmtpFacts> {
  return {
    name: `smtp as ${ehloName}${manner(patience)}`,
    run: (network, endpoint, towardsTls) => probeSmtp(network, endpoint, ehloName, patience, towardsTls),
  }
}

function imapScript(patience: Patience): Script<ImapFacts> {
  return { name: `imap${manner(patience)}`, run: (network, endpoint, towardsTls) => probeImap(network, endpoint, patience, towardsTls) }
}

function pop3Script(patience: Patience): Script<Pop3Facts> {
  return { name: `pop3${manner(patience)}`, run: (network, endpoint, towardsTls) => probePop3(network, endpoint, patience, towardsTls) }
}

/** A hasty dialogue does not stand for a patient one. */
function manner(patience: Patience): string {
  return patience === brief ? ', briefly' : ''
}
