import { specialPurposeBlock } from '../../syntax/special-purpose.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { contextOf, ifReceiving } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/some-host-resolves',
  title: 'At least one MX host has a public address',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 5321 §5.1', 'RFC 6890'],
  needs: ['mx', 'mxAddresses'],
  uses: ['contexts'],
  judge({ name: domain }, { mx, mxAddresses, contexts }) {
    const receiving = contextOf(contexts, 'receiving')
    if (receiving.value === 'no' || mxAddresses.length === 0) return skip('the domain takes no mail')
    const resolutions = mxAddresses.map(resolutionOf)
    const addresses = resolutions.flatMap(resolution => resolution.addresses)
    if (addresses.some(address => specialPurposeBlock(address) === null)) return pass
    const problem = resolutions.find(resolution => resolution.problem)?.problem
    if (problem) return unknownBecause(problem)
    if (mx.implicit && addresses.length === 0) return skip('the domain has neither MX nor address')
    const hosts = mxAddresses.map(({ name }) => name)
    return ifReceiving(receiving, fail('failed', { hosts, domain }, ...resolutions.flatMap(({ evidence }) => evidence)))
  },
  messages: {
    failed: 'None of {hosts} has a public address: mail to {domain} bounces',
  },
  explain: `Senders look up the addresses of your MX hosts and find none that they can reach from the internet.
    Every message to you is returned to its sender.`,
  remedy: (_domain, { mx }) => ({
    text: `Publish the public address of your mail server as an A (or AAAA) record of ${mx.hosts.map(({ name }) => name).join(' or ')}, `
      + 'or name in the MX a host that has one.',
  }),
})
