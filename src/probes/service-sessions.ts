/** From an endpoint to the dialogue its protocol speaks. */
import { services } from '../services.ts'
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

export function probeService({ network, scope, sessions }: ProbeContext, endpoint: ServiceEndpoint): Promise<ServiceSession> {
  const patience = endpoint.source === 'guess' ? brief : patient
  switch (services[endpoint.service].protocol) {
    case 'smtp':
      return sessions.hold(network, endpoint, smtpScript(scope.ehloName, patience))
    case 'imap':
      return sessions.hold(network, endpoint, imapScript(patience))
    case 'pop3':
      return sessions.hold(network, endpoint, pop3Script(patience))
  }
}

function smtpScript(ehloName: string, patience: Patience): Script<SmtpFacts> {
  return {
    name: `smtp as ${ehloName}${manner(patience)}`,
    run: (network, endpoint) => probeSmtp(network, endpoint, ehloName, patience),
  }
}

function imapScript(patience: Patience): Script<ImapFacts> {
  return { name: `imap${manner(patience)}`, run: (network, endpoint) => probeImap(network, endpoint, patience) }
}

function pop3Script(patience: Patience): Script<Pop3Facts> {
  return { name: `pop3${manner(patience)}`, run: (network, endpoint) => probePop3(network, endpoint, patience) }
}

/** A hasty dialogue does not stand for a patient one. */
function manner(patience: Patience): string {
  return patience === brief ? ', briefly' : ''
}
