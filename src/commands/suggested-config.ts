/** A report -> the mailcheck.yaml that says what was found, for the user to correct. Pure. */
import { isIP } from 'node:net'
import type { DkimFacts } from '../probes/dkim.ts'
import type { ServiceFacts } from '../probes/services.ts'
import type { ServiceSession } from '../probes/session.ts'
import type { Report } from '../report/report.ts'
import { services, type ServiceName } from '../services.ts'
import { parseHostPort } from '../syntax/host-port.ts'

export interface SuggestedConfig {
  readonly text: string
  readonly selectors: readonly string[]
  readonly services: readonly ServiceName[]
}

const foundBy = { config: 'declared', srv: 'published as SRV record', autoconfig: 'published in an autoconfig file', autodiscover: 'published by autodiscover', guess: 'a customary name that answers' } as const

export function suggestConfig({ domain, startedAt, context, facts }: Report, resolvers: readonly string[] = []): SuggestedConfig {
  const dkim = facts['dkim'] as Partial<DkimFacts> | undefined
  const selectors = (dkim?.selectors ?? []).filter(({ exists }) => exists).map(({ selector }) => selector)
  const offered = offeredServices(facts)
  const lines = [
    `# What mailcheck found of ${domain} on ${startedAt.slice(0, 10)}. Correct it: what stands here is taken as true.`,
    '# "mailcheck schema --config" prints all that may stand here.',
    'defaults:',
    '  failOn: error',
    ...(resolvers.length > 0 ? [`  resolvers: [${resolvers.map(text => JSON.stringify(text)).join(', ')}]`] : []),
    'domains:',
    `  ${scalar(domain)}:`,
    ...(selectors.length > 0
      ? ['    # Those that were found; add the others that sign your mail.', `    selectors: [${selectors.map(scalar).join(', ')}]`]
      : ['    # No DKIM key was found by guessing: name the selectors that sign your mail (s= in DKIM-Signature).', '    # selectors: [s1]']),
    ...(context ? [
      '    # Otherwise found out anew each time.',
      `    # context: { receiving: ${context.receiving.value}, sending: ${context.sending.value} }`,
    ] : []),
    ...(offered.length > 0
      ? ['    services:', ...offered.map(({ service, value, how }) => `      ${service}: ${value} # ${how}`)]
      : ['    # No submission, IMAP or POP3 server was found: name them, with their port where it is not the usual one.',
        `    # services: { imaps: mail.${domain}, submissions: mail.${domain} }`]),
    '    # You operate these servers: intrusive checks are welcome.',
    '    # own: true',
  ]
  return { text: `${lines.join('\n')}\n`, selectors, services: offered.map(({ service }) => service) }
}

/** Of each service the first host that accepted a connection; and what is said not to be offered. */
function offeredServices(facts: Report['facts']): { service: ServiceName; value: string; how: string }[] {
  const found = facts['services'] as Partial<ServiceFacts> | undefined
  const sessions = (facts['service'] ?? {}) as Readonly<Record<string, Partial<ServiceSession>>>
  return (Object.keys(services) as ServiceName[]).flatMap(service => {
    if (found?.notOffered?.includes(service)) return [{ service, value: 'null', how: 'said not to be offered' }]
    const endpoint = found?.endpoints?.find(candidate =>
      candidate.service === service && sessions[candidate.name]?.connected !== undefined && isDeclarable(candidate.host))
    if (!endpoint) return []
    const { host, port, source } = endpoint
    return [{ service, value: port === services[service].port ? scalar(host) : JSON.stringify(`${host}:${port}`), how: foundBy[source] }]
  })
}

/** A name in the DNS may be anything; what is written has to be read again. */
function isDeclarable(host: string): boolean {
  return isIP(host) === 0 && parseHostPort(host)?.host === host
}

/** Plain where YAML reads it as text, else quoted. */
function scalar(text: string): string {
  return /^[a-z][a-z0-9._-]*$/.test(text) && !['null', 'true', 'false'].includes(text) ? text : JSON.stringify(text)
}
