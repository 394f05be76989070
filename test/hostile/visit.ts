/** One session with a hostile server, through the real network. */
import { createLiveNetwork } from '../../src/network/live.ts'
import type { Issuers } from '../../src/lab/issuers.ts'
import { patient } from '../../src/probes/converse.ts'
import { probeImap } from '../../src/probes/imap.ts'
import { probePop3 } from '../../src/probes/pop3.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'
import type { Endpoint, Network } from '../../src/network/network.ts'
import type { ServiceSession } from '../../src/probes/session.ts'
import { services } from '../../src/services.ts'
import { host, showFor } from './certificates.ts'
import type { HostileServer } from './corpus.ts'
import { play } from './server.ts'
import { summarize } from './summary.ts'

export interface Visited {
  readonly facts: Record<string, unknown>
  readonly session: ServiceSession
  readonly astray: readonly string[]
  readonly connections: number
  readonly octets: number
  readonly milliseconds: number
}

export const address = '192.0.2.1'
export const ehloName = 'probe.example.net'

export async function visitHostile(hostile: HostileServer, issuers: Issuers, timeout: number): Promise<Visited> {
  const playing = await play(hostile, await showFor(hostile, issuers))
  try {
    const network = createLiveNetwork({
      resolvers: [], timeout, anchors: [issuers.anchor], route: () => ({ address: '127.0.0.1', port: playing.port }),
    })
    const began = performance.now()
    const session = await probe(network, hostile)
    const milliseconds = performance.now() - began
    // the client has left, or this would never end
    await playing.left()
    const { heard, astray, sent } = playing
    const floods = hostile.script.some(step => step.does === 'say' && step.times === Infinity)
    return { facts: summarize(session, floods ? null : heard[0] ?? []), session, astray, connections: heard.length, octets: sent, milliseconds }
  } finally {
    await playing.close()
  }
}

export function probe(network: Network, { service }: Pick<HostileServer, 'service'>): Promise<ServiceSession> {
  const { port, tls, protocol } = services[service]
  const endpoint: Endpoint = { host, address, port, tls }
  switch (protocol) {
    case 'smtp': return probeSmtp(network, endpoint, ehloName, patient)
    case 'imap': return probeImap(network, endpoint, patient)
    case 'pop3': return probePop3(network, endpoint, patient)
  }
}
