import { judgeBoth } from '../both-certificates.ts'
import { firstToEnd, lastToBegin } from '../certificate-horizon.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { certificateLine, countedCertificates, timestamp } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/certificate-in-date',
  title: 'The certificate is valid today',
  severity: 'critical',
  question: 'access',
  rfc: ['RFC 5280 §4.1.2.5'],
  needs: ['serviceSessions', 'clock'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown, { clock: { now } }) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const counted = countedCertificates(tls)
    const [first, last] = [firstToEnd(counted), lastToBegin(counted)]
    if (!first || !last) return skip('there is no certificate that can be read')
    const endpoint = held.name
    if (first.notAfter.getTime() < Date.parse(now)) {
      return fail('failed', { endpoint, date: timestamp(first.notAfter) }, eventSeen(held, certificateLine(first)))
    }
    if (last.notBefore.getTime() > Date.parse(now)) {
      return fail('not-yet-valid', { endpoint, date: timestamp(last.notBefore) }, eventSeen(held, certificateLine(last)))
    }
    return pass
  }),
  messages: {
    failed: '{endpoint}: certificate expired on {date}',
    'not-yet-valid': '{endpoint}: certificate is not valid before {date}',
  },
  explain: `Mail programs refuse the connection or warn of an attack. People cannot read or send, or learn to click
    such warnings away.`,
  remedy: ({ endpoint: { host, port } }, _facts, _args, _scope, code) => ({
    text: code === 'failed'
      ? `Renew the certificate of ${host} and let the service on port ${port} load it: a renewed file is of no use until the service is reloaded.`
      : `Put a certificate that is valid today on ${host}, port ${port}, and look whether the clock is right where it was issued.`,
  }),
})
