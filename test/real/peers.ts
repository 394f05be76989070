/**
 * `npm run bench:peers`: what other tools tell of the same real servers, beside mailcheck: which facts, over how many
 * connections, in what time. A fact counts when the tool's own output of this very run holds it. It measures and does not judge.
 * `npm run bench:peers -- smtp dane` is a part of it; with PEERS_OUTPUT=FOLDER the outputs are kept there.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Table from 'cli-table3'
import { facts, type Service } from './peer-facts.ts'
import { setup, teardown } from './world.ts'

interface Peer {
  readonly name: string
  program(service: Service): string
  /** Null: it has nothing to say of this service. */
  arguments(service: Service): readonly string[] | null
}

interface Ran {
  readonly peer: string
  readonly told: readonly boolean[]
  readonly connections: number
  readonly seconds: number
  readonly output: string
}

/** Two domains in order: one that has the host’s name and its chain count, and one with TLSA records. */
const domain: Readonly<Record<Service, string>> = { smtp: 'plain.example', imap: 'plain.example', pop3: 'plain.example', dane: 'good.example' }
const host = 'mail.plain.example'
const port: Readonly<Record<Service, number>> = { smtp: 25, imap: 143, pop3: 110, dane: 25 }
const title: Readonly<Record<Service, string>> = {
  smtp: 'SMTP, port 25', imap: 'IMAP, port 143', pop3: 'POP3, port 110', dane: 'SMTP with DANE, port 25',
}
const here = mkdtempSync(join(tmpdir(), 'mailcheck-peers-'))

/** The plugins for IMAP and POP3 speak TLS from the first octet alone. */
const plugin: Readonly<Partial<Record<Service, readonly string[]>>> = {
  smtp: ['check_smtp'], imap: ['check_imap', '-p', '993'], pop3: ['check_pop', '-p', '995'],
}
const peers: readonly Peer[] = [
  { name: 'mailcheck', program: () => process.execPath, arguments: service => ours(service) },
  { name: 'mailcheck --tls-scan', program: () => process.execPath, arguments: service => (service === 'dane' ? null : [...ours(service), '--tls-scan']) },
  {
    // its vulnerabilities and simulations are left out: none of them is in the list of facts
    name: 'testssl.sh', program: () => '/usr/bin/testssl', arguments: service => (service === 'dane' ? null : [
      '--quiet', '--warnings', 'batch', '--color', '0', '--nodns', 'min', '--ip', '185.12.34.110', '--add-ca', process.env['MAILCHECK_REAL_CA'] ?? '',
      '--starttls', service, '-p', '-s', '-f', '-S', `${host}:${port[service]}`,
    ]),
  },
  {
    name: 'monitoring-plugins', program: service => join('/usr/lib/nagios/plugins', plugin[service]?.[0] ?? ''),
    arguments: service => (plugin[service] ? ['-4', '-v', '-H', host, ...plugin[service].slice(1), '-S', '-D', '14'] : null),
  },
  {
    name: 'posttls-finger', program: () => '/usr/sbin/posttls-finger', arguments: service => (service === 'smtp' || service === 'dane'
      ? ['-o', 'inet_interfaces=all', '-o', 'inet_protocols=ipv4', '-F', process.env['MAILCHECK_REAL_CA'] ?? '', '-L', 'routine,certmatch,verbose', '-l', service === 'dane' ? 'dane' : 'secure', domain[service]] : null),
  },
]

/** One service of the domain, and what belongs to it. */
function ours(service: Service): string[] {
  const others = ['submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'].filter(name => name !== service)
  const config = join(here, `${service}.yaml`)
  const declared = [...others.map(name => `      ${name}: null`), ...(service === 'imap' || service === 'pop3' ? [`      ${service}: ${host}`] : [])]
  writeFileSync(config, `domains:\n  ${domain[service]}:\n    services:\n${declared.join('\n')}\n`)
  const topics = { smtp: ['smtp/*', 'mx-tls/*', 'tls/*'], dane: ['dane/*'], imap: ['imap/*', 'tls/*', 'access/mechanisms-current'], pop3: ['pop3/*', 'tls/*'] }[service]
  return [
    join(import.meta.dirname, '../../bin/mailcheck.js'), domain[service], '-4', '--json', '--config', config, '--ca', process.env['MAILCHECK_REAL_CA'] ?? '',
    ...topics.flatMap(topic => ['--only', topic]),
  ]
}

/** TCP connections that were begun in this network namespace (RFC 4022, tcpActiveOpens): the resolver’s own are few, and none once it is warm. */
function begun(): number {
  const [names = [], values = []] = readFileSync('/proc/self/net/snmp', 'latin1').split('\n').filter(line => line.startsWith('Tcp:')).map(line => line.split(' '))
  return Number(values[names.indexOf('ActiveOpens')])
}

function run(peer: Peer, service: Service, args: readonly string[]): Promise<Ran> {
  const before = begun()
  const started = performance.now()
  return new Promise(resolve => {
    const environment = { ...process.env, MAIL_CONFIG: process.env['MAILCHECK_REAL_POSTFIX'] }
    execFile(peer.program(service), args, { env: environment, cwd: here, maxBuffer: 64 << 20, timeout: 600_000 }, (_error, stdout, stderr) => {
      const seconds = (performance.now() - started) / 1000
      const output = stdout + stderr
      const told = facts[service].map(fact => (peer.name.startsWith('mailcheck') ? fact.ours(stdout) : fact.others.test(output)))
      resolve({ peer: peer.name, told, connections: begun() - before, seconds, output })
    })
  })
}

async function compare(service: Service): Promise<void> {
  const runs: Ran[] = []
  const missing: string[] = []
  for (const peer of peers) {
    const args = peer.arguments(service)
    if (!args) continue
    const program = peer.program(service)
    if (!existsSync(program)) missing.push(`${peer.name} is not installed (${program})`)
    else runs.push(await run(peer, service, args))
  }
  const table = new Table({ head: [title[service], ...runs.map(({ peer }) => peer)], style: { head: [], border: [], compact: true } })
  for (const [at, { fact }] of facts[service].entries()) table.push([fact, ...runs.map(({ told }) => (told[at] ? 'yes' : '-'))])
  table.push(
    ['facts told', ...runs.map(({ told }) => `${told.filter(Boolean).length} of ${told.length}`)],
    ['connections', ...runs.map(({ connections }) => String(connections))],
    ['wall time', ...runs.map(({ seconds }) => `${seconds.toFixed(1)} s`)],
  )
  process.stdout.write(`${table.toString()}\n${missing.map(line => `${line}\n`).join('')}\n`)
  const { PEERS_OUTPUT: kept } = process.env
  if (kept !== undefined) for (const { peer, output } of runs) writeFileSync(join(kept, `${service}-${peer.replace(/\W+/g, '-')}.txt`), output)
}

const services = ['smtp', 'imap', 'pop3', 'dane'] as const
const chosen = process.argv.slice(2)
const strange = chosen.filter(name => !services.some(service => service === name))
if (strange.length > 0) throw new Error(`no part of the comparison: ${strange.join(', ')}; there are ${services.join(', ')}`)

await setup()
try {
  // so that the first tool does not pay for what the resolver learns
  for (const service of ['smtp', 'dane'] as const) await run({ name: 'mailcheck', program: () => process.execPath, arguments: ours }, service, ours(service))
  for (const service of services) if (chosen.length === 0 || chosen.includes(service)) await compare(service)
} finally {
  await teardown()
}
