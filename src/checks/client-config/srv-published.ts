import { services } from '../../services.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { userServices } from '../found-services.ts'
import { contextOf, ifReceiving } from '../receiving.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'client-config/srv-published',
  title: 'SRV records tell mail programs where to send and read',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 6186 §3', 'RFC 8314 §5.1'],
  needs: ['namedServices'],
  uses: ['contexts', 'serviceSessions'],
  judge({ name: domain }, { namedServices: { srv }, contexts }) {
    const receiving = contextOf(contexts, 'receiving')
    if (receiving.value === 'no') return skip('the domain takes no mail')
    const answers = Object.values(srv)
    const records = answers.flatMap(answer => ('value' in answer ? answer.value.records : []))
    if (records.length > 0) return passed(...records.slice(0, 12).map(recordSeen))
    const problem = answers.flatMap(answer => ('problem' in answer ? [answer.problem] : []))[0]
    if (problem) return unknownBecause(problem)
    return ifReceiving(receiving, fail('failed', { domain }, ...answers.flatMap(answer => ('value' in answer ? [absenceSeen(answer.value)] : []))))
  },
  messages: {
    failed: '{domain} publishes no SRV records for mail programs',
  },
  explain: `Mail programs that know SRV records need nothing but the address and the password. Without them, or a set-up file,
    people type in host names and ports, and some of them wrongly.`,
  remedy({ name: domain }, { serviceSessions }) {
    const works = 'value' in serviceSessions ? serviceSessions.value.sessions.filter(held => upgradeOf(held).state === 'tls') : []
    // the first host of each service will do: those that somebody declares stand before those that were guessed
    const best = userServices.flatMap(service => works.find(({ endpoint }) => endpoint.service === service && endpoint.source !== 'guess')
      ?? works.find(({ endpoint }) => endpoint.service === service) ?? [])
    const set = best.map(({ endpoint: { service, host, port } }) => `${services[service].srv ?? ''}.${domain}. SRV 0 1 ${port} ${host}.`)
    return set.length === 0
      ? { text: `Publish an SRV record for each service that you offer, such as "_imaps._tcp.${domain}. SRV 0 1 993 HOST." and "_submissions._tcp.${domain}. SRV 0 1 465 HOST.".` }
      : { text: 'Publish an SRV record for each service that you offer. These are the servers that work now.', records: { set } }
  },
})
