import { isIPv4 } from 'node:net'
import { addressOctets } from '../../syntax/address.ts'
import { labelsOf } from '../../syntax/name.ts'
import { reversedLabels } from '../../syntax/reverse-name.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { sendingAddresses } from '../sending-addresses.ts'

export default defineCheck({
  id: 'iprev/name-specific',
  title: 'The reverse name of every address that sends mail is the name of a host, not of an access line',
  severity: 'warning',
  question: 'send',
  rfc: ['best practice'],
  needs: ['sendingAddresses', 'reverse'],
  ...sendingAddresses,
  judge({ name: address }, { reverse: { ptr } }) {
    if ('problem' in ptr) return unknownBecause(ptr.problem)
    if (ptr.value.records.length === 0) return skip('it has no reverse name')
    const generic = ptr.value.records.filter(({ data }) => isGeneric(data.host, address))
    const [first] = generic
    return first ? fail('failed', { address, name: first.data.host, count: generic.length }, ...generic.map(recordSeen)) : pass
  },
  messages: {
    failed: '{address} is called {name}, like an access line',
  },
  explain: `Providers give such names to whole ranges of home and office lines, from which spam comes and mail servers are rare. Many
    receivers refuse mail from them unseen.`,
  remedy: ({ name: address, host }) => ({ text: `Ask the owner of ${address} for a PTR record with the name of your host${host === null ? '' : ` (${host})`}, and give that name the address.` }),
})

/** The words that providers put into the names of lines that they have not given to anybody in particular. */
const words: ReadonlySet<string> = new Set([
  'adsl', 'broadband', 'cable', 'catv', 'client', 'clients', 'cpe', 'customer', 'customers', 'cust', 'dhcp', 'dial', 'dialin', 'dialup', 'dsl', 'dyn',
  'dynamic', 'dynamicip', 'fiber', 'ftth', 'generic', 'home', 'pool', 'pools', 'ppp', 'pppoe', 'rev', 'static', 'unassigned', 'user', 'users', 'vdsl', 'xdsl',
])

/** A word of that kind, and the address itself. */
function isGeneric(name: string, address: string): boolean {
  const parts = labelsOf(name.toLowerCase()).join('.').split(/[^a-z0-9]+/)
  const named = parts.some(part => words.has(part) || words.has(part.replace(/^[0-9]+|[0-9]+$/g, '')))
  return named && holdsAddress(name.toLowerCase(), address)
}

/** Its numbers in a row, forwards or backwards, in any notation; of an IPv6 address the second half will do. */
function holdsAddress(name: string, address: string): boolean {
  const octets = addressOctets(address)
  if (!octets) return false
  if (isIPv4(address)) {
    const numbers = [...octets].map(String)
    const rows = [numbers, numbers.toReversed()].flatMap(row => [row.join('[^0-9]0{0,2}'), row.map(number => number.padStart(3, '0')).join('')])
    const hexadecimal = Buffer.from(octets).toString('hex')
    return rows.some(row => new RegExp(`(?:^|[^0-9])0{0,2}${row}(?:[^0-9]|$)`).test(name)) || new RegExp(`(?:^|[^0-9a-f])${hexadecimal}(?:[^0-9a-f]|$)`).test(name)
  }
  const digits = Buffer.from(octets.slice(8)).toString('hex')
  const backwards = (reversedLabels(address) ?? '').replaceAll('.', '').slice(0, 16)
  const groups = Array.from({ length: 4 }, (_, i) => digits.slice(4 * i, 4 * i + 4).replace(/^0{1,3}/, ''))
  const dense = name.replace(/[^0-9a-f]/g, '')
  const grouped = groups.filter(group => group !== '0').length > 1 && new RegExp(groups.join('[^0-9a-f]0{0,3}')).test(name)
  return dense.includes(digits) || dense.includes(backwards) || grouped
}
