/**
 * SPF evaluations a second, in memory, beside mailauth's: the same messages, the same records, and for both a resolver that
 * looks them up in a map and answers by a promise.
 */
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { checkHost, type SpfRequest, type SpfResult } from '../../src/evaluate/check-host.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { drive } from '../../src/probes/drive.ts'
import { beside, remembered } from './beside.ts'

const require = createRequire(import.meta.url)
const { version } = require('mailauth/package.json') as { readonly version: string }
const { spf } = require('mailauth/lib/spf') as {
  readonly spf: (options: SpfRequest & { readonly mta: string; readonly strict: boolean; readonly resolver: Resolver }) => Promise<{ readonly status: { readonly result: string } }>
}
type Resolver = (name: string, type: string) => Promise<readonly unknown[]>

/** What small and large domains publish: networks, hosts, a provider's tree of includes, a macro. */
const zone: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  'shop.example': [{ TXT: 'v=spf1 ip4:192.0.2.0/28 ip4:198.51.100.17 -all' }],
  'office.example': [{ TXT: 'v=spf1 a mx include:spf.provider.example -all' }, { A: '192.0.2.80' }, { MX: [10, 'mx1.office.example'] }, { MX: [20, 'mx2.office.example'] }],
  'mx1.office.example': [{ A: '192.0.2.25' }, { AAAA: '2001:db8:1::25' }],
  'mx2.office.example': [{ A: '192.0.2.26' }, { AAAA: '2001:db8:1::26' }],
  'company.example': [{ TXT: 'v=spf1 include:spf.provider.example include:spf.sender.example ip4:203.0.113.64/26 ~all' }],
  'spf.provider.example': [{ TXT: 'v=spf1 include:n1.provider.example include:n2.provider.example include:n3.provider.example ~all' }],
  'n1.provider.example': [{ TXT: `v=spf1 ${Array.from({ length: 9 }, (_, i) => `ip4:10.${i * 16}.0.0/19`).join(' ')} ~all` }],
  'n2.provider.example': [{ TXT: `v=spf1 ${Array.from({ length: 6 }, (_, i) => `ip6:2001:db8:${4096 + i}::/48`).join(' ')} ~all` }],
  'n3.provider.example': [{ TXT: `v=spf1 ${Array.from({ length: 9 }, (_, i) => `ip4:172.16.${i * 8}.0/22`).join(' ')} ~all` }],
  'spf.sender.example': [{ TXT: 'v=spf1 ip4:198.51.100.0/25 exists:%{i}._spf.sender.example -all' }],
  '198.51.100.200._spf.sender.example': [{ A: '127.0.0.2' }],
  'group.example': [{ TXT: 'v=spf1 redirect=company.example' }],
}

const messages: readonly (readonly [ip: string, domain: string, result: SpfResult])[] = [
  ['192.0.2.9', 'shop.example', 'pass'], ['203.0.113.1', 'shop.example', 'fail'],
  ['192.0.2.26', 'office.example', 'pass'], ['2001:db8:1::25', 'office.example', 'pass'], ['172.16.65.1', 'office.example', 'pass'],
  ['10.32.1.1', 'company.example', 'pass'], ['2001:db8:4099::9', 'company.example', 'pass'], ['198.51.100.200', 'company.example', 'pass'],
  ['203.0.113.70', 'company.example', 'pass'], ['203.0.113.1', 'company.example', 'softfail'], ['203.0.113.1', 'group.example', 'softfail'],
]

const requests: readonly SpfRequest[] = messages.map(([ip, domain]) => ({ ip, sender: `user@${domain}`, helo: `mail.${domain}` }))

/** Answers like Node's own resolver. */
function arrays(): Resolver {
  const answers = new Map<string, unknown[]>()
  for (const [name, entries] of Object.entries(zone)) {
    for (const [type, value] of entries.flatMap(entry => Object.entries(entry))) {
      const [preference, exchange] = Array.isArray(value) ? value as unknown[] : []
      const answer = type === 'TXT' ? [value] : type === 'MX' ? { priority: preference, exchange } : value
      answers.set(`${name} ${type}`, [...answers.get(`${name} ${type}`) ?? [], answer])
    }
  }
  // Both resolvers answer by a promise.
  return async (name, type) => { // eslint-disable-line @typescript-eslint/require-await
    const answer = answers.get(`${name} ${type}`)
    if (answer) return answer
    throw Object.assign(new Error(`query${type} ENODATA ${name}`), { code: name in zone ? 'ENODATA' : 'ENOTFOUND' })
  }
}

/** Throws when the two do not agree: then there is nothing to compare. */
export async function spfRows(): Promise<[figure: string, value: string, aim: string][]> {
  const network = remembered(dnsFileNetwork(JSON.stringify(zone)))
  const resolver = arrays()
  const ours = async (request: SpfRequest): Promise<string> => (await drive(checkHost(request), network)).result
  const theirs = async (request: SpfRequest): Promise<string> => (await spf({ ...request, mta: 'mx.example', strict: true, resolver })).status.result
  for (const [i, request] of requests.entries()) {
    const results = [await ours(request), await theirs(request)]
    if (results.some(result => result !== messages[i]?.[2])) throw new Error(`${request.ip} as ${request.sender}: ${results.join(' and ')}`)
  }
  const measured = await beside({ inputs: requests, ours, theirs, rounds: 500, measurements: 9 })
  return [
    ['SPF evaluations a second of processor time', measured.ours, ''],
    [`  those of mailauth ${version}`, measured.theirs, ''],
    ['  against mailauth', measured.ratio, 'at least 3.0 x'],
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const row of await spfRows()) process.stdout.write(`${row.filter(cell => cell !== '').join('  ')}\n`)
}
