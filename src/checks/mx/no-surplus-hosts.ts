import { defineCheck, fail, pass, skip } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'mx/no-surplus-hosts',
  title: 'No MX host is named twice, and none is left over from a proof of ownership',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 6761 §6.4'],
  needs: ['mx'],
  over: ({ mx }) => mx.hosts,
  nothing: 'the domain names no MX host',
  judge({ name: host, record }, { mx }) {
    if (!record) return skip('the domain has no MX')
    const records = mx.answer.records.filter(({ data }) => data.exchange === host)
    if (host === 'invalid' || host.endsWith('.invalid')) return fail('invalid', { host }, ...records.map(recordSeen))
    if (records.length > 1) return fail('failed', { host, count: records.length }, ...records.map(recordSeen))
    return pass
  },
  messages: {
    failed: 'MX {host} is named {count} times',
    invalid: 'MX {host} lies under .invalid, where no host can be',
  },
  explain: `A host that is named twice is only tried twice. A name under .invalid was published once to prove who owns the domain; it
    never has an address, and every sender that picks it loses time.`,
  remedy({ name: host, preference }, { mx }, _args, { domain }, code) {
    const records = mx.answer.records.filter(({ data }) => data.exchange === host && (code === 'invalid' || data.preference !== preference))
    const remove = records.map(({ text }) => `${domain}. MX ${text}`)
    return { text: `Remove ${remove.join(' and ')}`, records: { remove } }
  },
})
