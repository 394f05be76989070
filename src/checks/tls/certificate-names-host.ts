import { certificateCovers } from '../../syntax/certificate.ts'
import { judgeBoth } from '../both-certificates.ts'
import { defineCheck, fail, pass, skip, unknown } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { certificateLine, leafOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

/** More names than these help nobody; hosting providers put a hundred into one certificate. */
const enough = 10

export default defineCheck({
  id: 'tls/certificate-names-host',
  title: 'The certificate names the host that mail programs are told to use',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 9525 §6', 'RFC 7817 §3'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const leaf = leafOf(tls)
    if (!leaf) return skip('there is no certificate that can be read')
    const { name: endpoint, endpoint: { host, service, source } } = held
    if (certificateCovers(leaf.names, host)) return pass
    const names = leaf.names.slice(0, enough)
    if (source === 'guess') {
      const shown = names.join(', ') || 'no host'
      return unknown('endpoint-unknown', `nobody says that people use ${host}, a customary name; its certificate names ${shown}. `
        + `Declare the right host, as "services: { ${service}: HOST }" in the configuration or as an SRV record`)
    }
    const evidence = eventSeen(held, certificateLine(leaf))
    return names.length === 0 ? fail('nameless', { endpoint }, evidence) : fail('failed', { endpoint, names }, evidence)
  }),
  messages: {
    failed: '{endpoint} serves a certificate for {names}',
    nameless: '{endpoint} serves a certificate that names no host (subjectAltName has no DNS name; the common name does not count)',
  },
  explain: `Mail programs compare the host they were told to use with the names in the certificate. Where they differ, they
    refuse to connect or warn of an attack, and people cannot tell this warning from a real one.`,
  remedy({ endpoint: { host, port } }, _facts, { names }) {
    const other = [names].flat().find(name => typeof name === 'string' && !name.startsWith('*'))
    return {
      text: `Have the certificate on port ${port} reissued so that it also names ${host}`
        + (other === undefined ? '.' : `, or tell people (and the SRV record) to use a host that it names, such as ${String(other)}.`),
    }
  },
})
