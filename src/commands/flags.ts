/** The flags of `check`, and those it shares with other commands. All flags of the design are accepted from the start. */
import { custom, boolean, string } from '@oclif/core/flags'
import { formats } from './formats.ts'
import { UsageError } from './usage-error.ts'

export const seconds = (name: string) => custom<number>({
  helpValue: 'SECONDS',
  parse: input => {
    const value = Number(input)
    if (!/^\d+(\.\d+)?$/.test(input) || value <= 0 || value > 86_400) throw new UsageError(`--${name}: ${JSON.stringify(input)} is no number of seconds`)
    return Promise.resolve(value)
  },
})

/** Values do not swallow the domains behind them. */
const several = { multiple: true, multipleNonGreedy: true } as const

export const networkFlags = {
  resolver: string({ ...several, helpValue: 'IP[:PORT]', description: 'ask this resolver; also tls://IP[:PORT]#NAME (default: /etc/resolv.conf)' }),
  timeout: seconds('timeout')({ description: 'the longest that one step may take' }),
  deadline: seconds('deadline')({ description: 'the longest that one domain may take', default: 60 }),
  ca: string({ helpValue: 'FILE', description: 'trust these certificates as well (PEM)' }),
  source: string({ helpValue: 'IP', description: 'connect and ask from this address' }),
  'trust-ad': boolean({ description: 'believe the resolver’s AD bit (DNSSEC)' }),
  ipv4: boolean({ char: '4' as 'i', description: 'connect over IPv4 only' }),
  ipv6: boolean({ char: '6' as 'i', description: 'connect over IPv6 only' }),
}

export const outputFlags = {
  color: boolean({ allowNo: true, description: 'colours (default: on a terminal, unless NO_COLOR is set)' }),
}

export const checkFlags = {
  format: string({ options: formats, description: 'how to print reports (default: text)' }),
  output: string({ ...several, helpValue: 'FORMAT=FILE', description: 'write reports to a file as well ("-" is stdout)' }),
  json: boolean({ description: 'short for --format json' }),
  only: string({ ...several, helpValue: 'GLOB', description: 'only these checks: an id, a topic, or a pattern such as "spf/*"' }),
  skip: string({ ...several, helpValue: 'GLOB', description: 'not these checks' }),
  selector: string({ ...several, helpValue: 'NAME', description: 'a DKIM selector in use' }),
  config: string({ helpValue: 'FILE', description: 'configuration (default: mailcheck.yaml, when there is one)' }),
  'fail-on': string({ options: ['critical', 'error', 'warning', 'notice', 'never'], description: 'exit 1 when something fails at this severity (default: error)' }),
  strict: boolean({ description: 'exit 3 when something at that severity could not be tested' }),
  ...networkFlags,
  ehlo: string({ helpValue: 'NAME', description: 'the name to give in EHLO (default: this host’s)' }),
  vantage: string({ ...several, helpValue: 'HOST[:PORT]|none', description: 'a host that shows whether a port can be reached from here' }),
  profile: string({ helpValue: 'NAME', description: 'measure by a profile: parked, gmail-bulk, yahoo-bulk, microsoft-bulk, internet-nl, bsi-tr-03108, m3aawg, or one of the configuration' }),
  baseline: string({ helpValue: 'REPORT.json', description: 'what this report has already does not count' }),
  since: string({ helpValue: 'REPORT.json', description: 'show what changed since this report' }),
  trace: boolean({ description: 'show every question and dialogue on stderr' }),
  record: string({ helpValue: 'FILE', description: 'write everything that was asked and answered to FILE' }),
  replay: string({ helpValue: 'FILE', description: 'answer from a recording, and ask nobody' }),
  redact: boolean({ description: 'record other names and addresses in place of the real ones, with the same verdicts; with --replay, of that recording' }),
  world: boolean({ description: 'check domains of the world that comes with mailcheck (see mailcheck demo), not of the internet' }),
  quiet: boolean({ description: 'only the answers and what fails' }),
  ...outputFlags,
  own: boolean({ helpGroup: 'PERMISSION', description: 'you operate these servers: intrusive checks are welcome' }),
  login: boolean({ helpGroup: 'PERMISSION', description: 'log in to the accounts of the configuration' }),
  'tls-scan': boolean({ helpGroup: 'PERMISSION', description: 'a handshake for each TLS version and cipher group' }),
  lists: boolean({ helpGroup: 'PERMISSION', description: 'ask DNS block lists' }),
  'third-parties': boolean({ helpGroup: 'PERMISSION', description: 'ask registries (RDAP), authorities (lists of the revoked) and RIPEstat (routes)' }),
  state: string({ helpGroup: 'PERMISSION', helpValue: 'DIR', description: 'compare with what mailcheck serve saw earlier and keeps here' }),
  message: string({ helpGroup: 'PERMISSION', helpValue: 'FILE', description: 'check a received message' }),
  reports: string({ helpGroup: 'PERMISSION', helpValue: 'PATH', description: 'check received aggregate and TLS reports: a file, a mailbox, or a folder of them' }),
  bulk: boolean({ helpGroup: 'PERMISSION', description: 'apply the rules for bulk senders' }),
  overlay: string({ helpValue: 'FILE', description: 'records that are planned, over the live ones: a zone file, octoDNS, DNSControl or a Terraform plan' }),
}

export interface NetworkFlags {
  readonly resolver?: string[] | undefined
  readonly timeout?: number | undefined
  readonly deadline: number
  readonly ca?: string | undefined
  readonly source?: string | undefined
  readonly 'trust-ad': boolean
  readonly ipv4: boolean
  readonly ipv6: boolean
}

export interface CheckFlags extends NetworkFlags {
  readonly format?: string | undefined
  readonly output?: string[] | undefined
  readonly json: boolean
  readonly only?: string[] | undefined
  readonly skip?: string[] | undefined
  readonly selector?: string[] | undefined
  readonly config?: string | undefined
  readonly 'fail-on'?: string | undefined
  readonly strict: boolean
  readonly ehlo?: string | undefined
  readonly vantage?: string[] | undefined
  readonly trace: boolean
  readonly record?: string | undefined
  readonly replay?: string | undefined
  readonly redact?: boolean
  readonly world: boolean
  readonly quiet: boolean
  readonly color?: boolean | undefined
  readonly own: boolean
  readonly login: boolean
  readonly 'tls-scan': boolean
  readonly lists: boolean
  readonly 'third-parties': boolean
  readonly state?: string | undefined
  readonly message?: string | undefined
  readonly reports?: string | undefined
  readonly bulk: boolean
  readonly overlay?: string | undefined
  readonly profile?: string | undefined
  readonly baseline?: string | undefined
  readonly since?: string | undefined
}
