import { isIPv6 } from 'node:net'
import { listedOn, unlisted } from '../block-lists.ts'
import { defineCheck, fail, skip } from '../define.ts'
import { sendingAddresses } from '../sending-addresses.ts'

export default defineCheck({
  id: 'reputation/address-unlisted',
  title: 'No address that sends mail is on a block list that large receivers follow',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 5782 §2.1', 'RFC 5782 §2.4'],
  needs: ['sendingAddresses', 'blockLists', 'addressListings'],
  requires: 'lists',
  ...sendingAddresses,
  judge({ name: address }, { blockLists, addressListings: { provider, listings } }) {
    if (provider !== null) return skip(`${provider} shares it among its customers, and answers for it`)
    const listed = listedOn(listings)
    const [first] = listed
    if (!first) return unlisted(blockLists, isIPv6(address) ? 'v6' : 'v4', listings)
    return fail('failed', { address, list: first.list.name, reason: first.reason, count: listed.length }, ...listed.flatMap(({ evidence }) => evidence))
  },
  messages: {
    failed: '{address} is on {list}: {reason}',
  },
  explain: `Receivers ask such lists before they take a message. Those that follow this one refuse all mail from the address, whoever
    wrote it.`,
  remedy: (_address, { addressListings: { listings } }) => {
    const pages = [...new Set(listedOn(listings).map(({ list }) => list.page))].filter(page => page !== '')
    return { text: `Find what was sent from there and stop it; then ${pages.length > 0 ? `see ${pages.join(' and ')}` : 'ask whoever runs the list'} for how to be taken off.` }
  },
})
