import type { PageFacts } from '../../probes/page.ts'
import { isBimiLogoNote, isSvgz, maxLogo, parseBimiLogo } from '../../syntax/bimi-svg.ts'
import { certificateCovers, parseCertificate, trustAnchors, verifyChain, type CertificateInfo } from '../../syntax/certificate.ts'
import { unpackGzip } from '../../syntax/gzip.ts'
import { certificatesOfPem } from '../../syntax/pem.ts'
import { logoRecord } from '../bimi-record.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { certificateLine, timestamp } from '../served-chain.ts'
import { pageMessages, pageRemedy, pageSeen, servedPage } from '../served-page.ts'

/** Of mark certificates (draft-fetch-validation-vmc-wchuang). */
const markPurpose = '1.3.6.1.5.5.7.3.31'

export default defineCheck({
  id: 'bimi/logo-valid',
  title: 'The logo of BIMI is one that mailbox providers show, and its certificate is in order',
  severity: 'warning',
  question: 'protect',
  rfc: ['BIMI draft §7.6', 'SVG Tiny PS draft'],
  needs: ['bimi', 'dmarc', 'clock'],
  judge({ name: domain }, { bimi, dmarc: { organizationalDomain }, clock: { now } }) {
    const found = logoRecord(bimi)
    if ('verdict' in found) return found
    const { logo, evidence } = bimi
    if (!logo) return skip('the BIMI record names no logo that can be fetched')
    const drawn = servedPage(logo, now)
    if (drawn.state === 'faulty') return drawn.fault
    const fault = drawn.state === 'served' ? logoFault(logo, drawn.response.body) : null
    if (fault) return fault
    const proven = evidence ? servedPage(evidence, now) : null
    if (proven?.state === 'faulty') return proven.fault
    const wrong = evidence && proven?.state === 'served' ? markFault(evidence, proven.response.body, [domain, organizationalDomain], now) : null
    if (wrong) return wrong
    if (drawn.state === 'undecided') return drawn.because
    return proven?.state === 'undecided' ? proven.because : passed(pageSeen(logo, 'SVG Tiny PS'))
  },
  messages: {
    ...pageMessages,
    'too-large': '{url}: the logo has {octets} octets, and 32768 are allowed',
    'no-svg': '{url} is no SVG: {what}',
    profile: '{url}, line {line}: {what}, where the profile wants version="1.2" and baseProfile="tiny-ps"',
    'root-attribute': '{url}, line {line}: the root must not have {what}',
    title: '{url}, line {line}: the logo has no {what}',
    'not-square': '{url}, line {line}: the logo is not square: {what}',
    forbidden: '{url}, line {line}: {what} is not allowed in a logo',
    'no-mark': '{url}: there is no certificate in PEM',
    'mark-purpose': '{url}: the certificate is no mark certificate ({subject}, issued by {issuer})',
    'mark-expired': '{url}: the mark certificate, or one above it, expired on {date}',
    'mark-not-yet-valid': '{url}: the mark certificate, or one above it, is not valid before {date}',
    'mark-unchained': '{url}: the certificate of the issuer is missing, or did not issue the mark certificate (issuer {issuer})',
    'mark-name': '{url}: the mark certificate is not for {domain}, but for {names}',
  },
  explain: `Mailbox providers check the logo and its certificate before they show it, and say nothing when they do not like one:
    your mail arrives all the same, without the logo.`,
  remedy(_domain, { bimi: { logo, evidence } }, { url }, _scope, code) {
    const page = evidence?.url === url ? evidence : logo
    const served = page && pageRemedy(code, page === evidence ? 'the mark certificate, with its issuer’s,' : 'the logo', page)
    if (served) return { text: served }
    return {
      text: code.startsWith('mark-') || code === 'no-mark'
        ? 'Publish the mark certificate (VMC or CMC) as its authority gave it to you, in PEM, followed by the certificate of its issuer; renew it in time.'
        : 'Export the logo again as SVG Tiny PS: square, with a title, without script, links or pictures from elsewhere, and no larger than 32 KB.',
    }
  },
})

function logoFault({ url }: PageFacts, body: string) {
  const octets = isSvgz(body) ? unpackGzip(body, 2 * maxLogo) : body
  if (octets === null) return fail('no-svg', { url, what: 'the file cannot be unpacked' }, pageSeen({ url }, `${body.length} octets of gzip`))
  const problems = parseBimiLogo(octets).problems.filter(({ code }) => !isBimiLogoNote(code))
  const [first] = problems
  if (!first) return null
  const { code, what, line } = first
  const evidence = problems.slice(0, 12).map(problem => pageSeen({ url }, `line ${problem.line}: ${problem.code}${problem.what === '' ? '' : ` ${problem.what}`}`))
  switch (code) {
    case 'too-large': return fail('too-large', { url, octets: octets.length, count: problems.length }, ...evidence)
    case 'not-utf8': return fail('no-svg', { url, what: 'it is not in UTF-8', count: problems.length }, ...evidence)
    case 'not-well-formed':
    case 'too-deep':
    case 'not-svg': return fail('no-svg', { url, what, count: problems.length }, ...evidence)
    case 'bad-version':
    case 'bad-profile': return fail('profile', { url, line, what, count: problems.length }, ...evidence)
    case 'root-position':
    case 'bad-root-attribute': return fail('root-attribute', { url, line, what, count: problems.length }, ...evidence)
    case 'missing-title':
    case 'empty-title': return fail('title', { url, line, what, count: problems.length }, ...evidence)
    case 'no-size':
    case 'not-square': return fail('not-square', { url, line, what, count: problems.length }, ...evidence)
    default: return fail('forbidden', { url, line, what, count: problems.length }, ...evidence)
  }
}

/** Which roots a mailbox provider trusts for marks it does not tell: the chain is followed as far as the file goes. */
function markFault({ url }: PageFacts, body: string, domains: readonly [string, string], now: string) {
  const chain = certificatesOfPem(body)
  const certificates = chain.map(parseCertificate).filter((certificate): certificate is CertificateInfo => certificate !== null)
  const [leaf] = certificates
  if (!leaf || certificates.length < chain.length) return fail('no-mark', { url }, pageSeen({ url }, body.slice(0, 60)))
  const { subject, issuer, names } = leaf
  const seen = certificates.map(certificate => pageSeen({ url }, certificateLine(certificate)))
  if (!leaf.purposes.includes(markPurpose)) return fail('mark-purpose', { url, subject, issuer }, ...seen)
  const ended = certificates.find(({ notAfter }) => notAfter.getTime() < Date.parse(now))
  if (ended) return fail('mark-expired', { url, date: timestamp(ended.notAfter) }, ...seen)
  const early = certificates.find(({ notBefore }) => notBefore.getTime() > Date.parse(now))
  if (early) return fail('mark-not-yet-valid', { url, date: timestamp(early.notBefore) }, ...seen)
  const above = chain.slice(1).map(base64 => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`)
  if (!verifyChain(chain, trustAnchors(above)).trusted) return fail('mark-unchained', { url, issuer }, ...seen)
  const covered = domains.some(domain => certificateCovers(names, domain) || names.includes(`default._bimi.${domain}`))
  return covered ? null : fail('mark-name', { url, domain: domains[0], names: names.length > 0 ? names.slice(0, 10) : ['nobody'] }, ...seen)
}
