/**
 * Tests reach loopback and nothing else: every other way out throws, so that no test can come to depend on the world. And
 * properties are tried on the same inputs in every run; FAST_CHECK_SEED takes others, and `npm run fuzz` many more.
 */
import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net, { BlockList, isIP } from 'node:net'
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 9989) })

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')
loopback.addAddress('0.0.0.0', 'ipv4') // this host, to a socket
loopback.addAddress('255.255.255.255', 'ipv4') // the kernel refuses it at once, and no router passes it on

/** Without a host, node:net and node:dgram mean localhost. */
function insist(host: unknown, what: string): void {
  if (host === undefined || host === null || host === '' || host === 'localhost') return
  const family = typeof host === 'string' ? isIP(host) : 0
  if (family !== 0 && loopback.check(host as string, family === 6 ? 'ipv6' : 'ipv4')) return
  throw new Error(`a test tried to reach ${what} ${JSON.stringify(host)}: tests reach loopback alone`)
}

/** What node:net makes of the arguments of `connect`: options, or a path, or a port and a host. */
function hostOf(args: readonly unknown[]): unknown {
  const [first, second] = Array.isArray(args[0]) ? args[0] as unknown[] : args // net.connect hands them on normalised
  if (typeof first === 'object' && first !== null) return 'path' in first && first.path ? undefined : (first as { host?: unknown }).host
  return typeof first === 'string' && !/^\d+$/.test(first) ? undefined : typeof second === 'function' ? undefined : second
}

type Method = (this: unknown, ...args: unknown[]) => unknown
const guarded = Symbol.for('mailcheck.tests reach loopback alone')

function guard(object: object, name: string, check: (args: unknown[]) => void): void {
  const methods = object as Record<string, Method & { [guarded]?: true }>
  const real = methods[name]
  if (!real || real[guarded]) return // one worker may run several files
  methods[name] = Object.assign(function (this: unknown, ...args: unknown[]) {
    check(args)
    return real.apply(this, args)
  }, { [guarded]: true } as const)
}

guard(net.Socket.prototype, 'connect', args => insist(hostOf(args), 'the host'))
guard(dgram.Socket.prototype, 'connect', args => insist(typeof args[1] === 'function' ? undefined : args[1], 'the host'))
// send(msg[, offset, length][, port][, address][, callback]): the address is the last string, if there is one after the message
guard(dgram.Socket.prototype, 'send', args => insist(args.slice(1).findLast(arg => typeof arg === 'string'), 'the host'))
for (const api of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of ['lookup', ...Object.getOwnPropertyNames(api).filter(key => /^resolve/.test(key))]) {
    // A lookup of an address asks nobody; an unbound UDP socket makes one of 0.0.0.0.
    guard(api, name, args => insist(name === 'lookup' && isIP(String(args[0])) ? undefined : args[0], 'by name'))
  }
}
syncBuiltinESMExports()
