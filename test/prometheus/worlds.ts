/**
 * Two worlds of the same domains: in one all is as it should be but for what is hostile, in the other a certificate has
 * expired and an MX is gone. A route decides, connection by connection, which of the two is met.
 */
import { loadWorlds, parseWorld } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'

export const script = '<script>document.title="owned"</script><img src=x onerror="document.title=1">'
const inZone = script.replaceAll('"', '\\"')

/** Beside those of the worlds that come with mailcheck. */
export const own = ['steady.example', 'swapped.example', 'closing.example', 'hostile.example'] as const
const usual = ['steady', 'swapped', 'closing']

function definition(broken: boolean): string {
  const zone = (name: string, net: number): string => `
  ${name}.example: |
    @                 MX    10 mx
    @                 TXT   "v=spf1 mx -all"
    _dmarc            TXT   "v=DMARC1; p=reject; rua=mailto:dmarc@${name}.example"
    mx                A     11.90.${net}.25
    mx                TXT   "v=spf1 a -all"
    mail              A     11.90.${net}.143
    _imaps._tcp       SRV   0 1 993 mail
    _submissions._tcp SRV   0 1 465 mail`
  const servers = (name: string, net: number): string => `
  - host: mx.${name}.example
    addresses: [11.90.${net}.25]
    certificate: fine
    services: { smtp: ${broken && name === 'closing' ? '{ fault: refuse }' : ''} }
  - host: mail.${name}.example
    addresses: [11.90.${net}.143]
    certificate: ${broken && name === 'swapped' ? 'expired' : 'fine'}
    services: { imaps: , submissions: }`
  return `
about: domains to watch
domains:
${own.map(name => `  ${name}: { about: watched }`).join('\n')}
certificates:
  fine: {}
  expired: { from: -100d, until: -10d }
zones:${usual.map((name, i) => zone(name, i + 1)).join('')}
  hostile.example: |
    @      MX   10 mx
    @      TXT  "v=spf1 ${inZone} -all"
    _dmarc TXT  "v=DMARC1; p=${inZone}"
    mx     A    11.90.9.25
  bl.example: |
    2.0.0.127      A   127.0.0.2
    25.1.90.11     A   127.0.0.2
    25.1.90.11     TXT "${inZone}"
  90.11.in-addr.arpa: |
${[1, 2, 3].map((net, i) => `    25.${net}   PTR  mx.${usual[i]}.example.`).join('\n')}
    25.9   PTR  mx.hostile.example.
servers:${usual.map((name, i) => servers(name, i + 1)).join('')}
  - host: mx.hostile.example
    addresses: [11.90.9.25]
    services: { smtp: { greeting: '554 ${script}' } }
`
}

export interface TwoWorlds extends Pick<RunningWorld, 'route' | 'domains' | 'declared'> {
  readonly resolvers: readonly RunningWorld['resolver'][]
  readonly anchors: readonly string[]
  /** By user name. */
  readonly passwords: ReadonlyMap<string, string>
  /** From now on connections meet what is broken, or what is not. */
  break(broken: boolean): void
  close(): Promise<void>
}

/** Beside ours, those of `names` (fixtures/worlds). */
export async function startTwoWorlds(...names: readonly string[]): Promise<TwoWorlds> {
  const definitions = [...loadWorlds(...names), parseWorld(definition(false))]
  const sound = await startWorld(definitions)
  const broken = await startWorld(parseWorld(definition(true)))
  let now = sound
  return {
    resolvers: [sound.resolver], anchors: [sound.ca, broken.ca], domains: sound.domains, declared: sound.declared,
    passwords: new Map(definitions.flatMap(({ servers }) => servers).flatMap(server => Object.values(server.services)).flatMap(service => Object.entries(service.users))),
    route: (address, port) => (address.startsWith('11.90.') ? now.route(address, port) : sound.route(address, port)),
    break: really => {
      now = really ? broken : sound
    },
    close: async () => {
      await Promise.all([sound.close(), broken.close()])
    },
  }
}
