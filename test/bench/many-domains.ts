/**
 * Many domains in a process of their own, ten at a time with the same mail servers. Argument: how many. Prints one JSON line
 * (`Lab`), and ends when its input does.
 */
import { parseWorld } from '../../src/lab/read-world.ts'
import { startWorld } from '../../src/lab/world.ts'
import type { Lab } from './lab.ts'

const perHost = 10
const ports = [53, 25, 465, 587, 143, 993, 110, 995, 443]
const [count = 1000] = process.argv.slice(2).map(Number)
const hosts = Math.ceil(count / perHost)

/** Global unicast, as everything else is a finding. */
const address = (host: number, last: number): string => `11.${100 + Math.floor(host / 250)}.${host % 250}.${last}`
const each = (length: number, line: (i: number) => string): string => Array.from({ length }, (_, i) => line(i)).join('\n')

const world = await startWorld(parseWorld(`
about: many
domains:
${each(count, i => `  d${i}.example: { selectors: [s1] }`)}
certificates:
${each(hosts, h => `  c${h}: { names: [mx.h${h}.example, mail.h${h}.example] }`)}
zones:
${each(hosts, h => `  h${h}.example: |
    mx    A    ${address(h, 25)}
    mx    TXT  "v=spf1 a -all"
    mail  A    ${address(h, 143)}`)}
  11.in-addr.arpa: |
${each(hosts, h => `    ${address(h, 25).split('.').slice(1).toReversed().join('.')}  PTR  mx.h${h}.example.`)}
${each(count, i => `  d${i}.example: |
    @                  MX   10 mx.h${Math.floor(i / perHost)}.example.
    @                  TXT  "v=spf1 mx -all"
    _dmarc             TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@d${i}.example"
    s1._domainkey      TXT  "v=DKIM1; k=ed25519; p=//nEPgnpJD+mlyLwhhgNSvW0viJ3MpxUG4P/Y1aCKp0="
    _submissions._tcp  SRV  0 1 465 mail.h${Math.floor(i / perHost)}.example.
    _imaps._tcp        SRV  0 1 993 mail.h${Math.floor(i / perHost)}.example.
    _pop3s._tcp        SRV  0 1 995 mail.h${Math.floor(i / perHost)}.example.`)}
servers:
${each(hosts, h => `  - { host: mx.h${h}.example, addresses: [${address(h, 25)}], certificate: c${h}, services: { smtp: } }
  - { host: mail.h${h}.example, addresses: [${address(h, 143)}], certificate: c${h}, services: { submissions: , imaps: , pop3s: } }`)}
`))
const routes: Record<string, number> = {}
for (const one of world.addresses) {
  for (const port of ports) {
    const route = world.route(one, port)
    if (route) routes[`${one} ${port}`] = route.port
  }
}
process.stdout.write(`${JSON.stringify({ resolver: world.resolver, ca: world.ca, domains: world.domains, routes } satisfies Lab)}\n`)
process.stdin.resume().once('end', () => void world.close())
