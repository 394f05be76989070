import { listedOn, unlisted } from '../block-lists.ts'
import { defineCheck, fail } from '../define.ts'

export default defineCheck({
  id: 'reputation/domain-unlisted',
  title: 'The domain is on no block list of domains',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 5782 §3'],
  needs: ['blockLists', 'domainListings'],
  requires: 'lists',
  judge({ name: domain }, { blockLists, domainListings }) {
    const listed = listedOn(domainListings)
    const [first] = listed
    if (!first) return unlisted(blockLists, 'domain', domainListings)
    return fail('failed', { domain, list: first.list.name, reason: first.reason, count: listed.length }, ...listed.flatMap(({ evidence }) => evidence))
  },
  messages: {
    failed: '{domain} is on {list}: {reason}',
  },
  explain: `Receivers look for such domains in the sender and in the text of every message, and refuse or hide what names them: mail of
    yours, and mail of others that links to you.`,
  remedy: (_domain, { domainListings }) => {
    const pages = [...new Set(listedOn(domainListings).map(({ list }) => list.page))].filter(page => page !== '')
    return { text: `Find what was sent or shown in the name of the domain and stop it; then ${pages.length > 0 ? `see ${pages.join(' and ')}` : 'ask whoever runs the list'} for how to be taken off.` }
  },
})
