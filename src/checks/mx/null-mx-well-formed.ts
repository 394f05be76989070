import { defineCheck, fail, passed, skip } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'mx/null-mx-well-formed',
  title: 'A null MX stands alone, with preference 0',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 7505 §3'],
  needs: ['mx'],
  judge(_domain, { mx: { nullMx, answer } }) {
    if (!nullMx) return skip('the domain has no null MX')
    const evidence = answer.records.map(recordSeen)
    const [record, other] = answer.records
    const records = answer.records.map(({ text }) => text)
    if (other) return fail('failed', { records }, ...evidence)
    if (record && record.data.preference !== 0) return fail('preference', { records, preference: record.data.preference }, ...evidence)
    return passed(...evidence)
  },
  messages: {
    failed: 'Null MX stands beside other MX records ({records})',
    preference: 'Null MX has preference {preference}, not 0 ({records})',
  },
  explain: `"MX 0 ." says that a domain takes no mail at all. Beside other records, or with another preference, it says nothing
    that a sender could rely on: some bounce the mail at once, some deliver it, and some retry for days.`,
  remedy({ name: domain }, { mx: { hosts, answer } }) {
    const lines = answer.records.map(({ text }) => `${domain}. MX ${text}`)
    const alone = `${domain}. MX 0 .`
    if (hosts.length === 0) {
      return { text: `Publish ${alone} alone.`, records: { set: [alone], remove: lines.filter(line => line !== alone) } }
    }
    const nulls = answer.records.filter(({ data }) => data.exchange === '').map(({ text }) => `${domain}. MX ${text}`)
    return {
      text: `If ${domain} takes mail, remove ${nulls.join(' and ')}. If it takes none, publish ${alone} alone.`,
      records: { remove: nulls },
    }
  },
})
