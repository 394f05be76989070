/** Everything that reads what strangers wrote, with something to begin from. */
import { decodeMessage, decodeQuery, encodeAnswer, encodeQuery } from '../../src/network/dns/codec.ts'
import { DnsFileError, parseDnsFile } from '../../src/network/dns-file-parse.ts'
import { parseCassette } from '../../src/network/cassette.ts'
import { limits } from '../../src/network/line-reader.ts'
import { createAuthority, createSelfSigned } from '../../src/lab/certificates.ts'
import { makeRevocationList } from '../../src/lab/revocation-list.ts'
import { renderLint } from '../../src/report/lint.ts'
import { addressOctets, canonicalIpv6 } from '../../src/syntax/address.ts'
import { parseAutoconfig } from '../../src/syntax/autoconfig.ts'
import { parseAutodiscover } from '../../src/syntax/autodiscover.ts'
import { parseBimi } from '../../src/syntax/bimi.ts'
import { parseBimiLogo } from '../../src/syntax/bimi-svg.ts'
import { certificateCovers, parseCertificate } from '../../src/syntax/certificate.ts'
import { trustAnchors, verifyChain } from '../../src/syntax/certificate-path.ts'
import { readCrl } from '../../src/syntax/crl.ts'
import { parseDkim, resemblesDkim } from '../../src/syntax/dkim.ts'
import { parseDkimSignature } from '../../src/syntax/dkim-signature.ts'
import { isDmarc, parseDmarc } from '../../src/syntax/dmarc.ts'
import { parseDmarcReport } from '../../src/syntax/dmarc-report.ts'
import { parseDomain } from '../../src/syntax/domain.ts'
import { parseHostPort } from '../../src/syntax/host-port.ts'
import { endsImapReply, imapCapabilities, imapMechanisms, imapRefusal, parseImapStatus, withoutLiterals } from '../../src/syntax/imap.ts'
import { lint, lintKinds } from '../../src/syntax/lint.ts'
import { FrameReader } from '../../src/syntax/log-frame.ts'
import { JournalExport, readJournalJson } from '../../src/syntax/log-journal.ts'
import { readLogEvent } from '../../src/syntax/mail-log.ts'
import { parseMtaSts, parseMtaStsPolicy, matchesMx } from '../../src/syntax/mta-sts.ts'
import { foldName, labelsOf, parseName, wireLength } from '../../src/syntax/name.ts'
import { organizationalDomain } from '../../src/syntax/organizational-domain.ts'
import { apopTimestamp, isOk, multilineData, parsePop3Status, pop3Capabilities, pop3Refusal } from '../../src/syntax/pop3.ts'
import { formatData, makeRecord, parseData, RecordSyntaxError, type RecordType } from '../../src/syntax/record.ts'
import { namedTypes } from '../../src/syntax/record-type.ts'
import { parseOcspStaple, stapledRevocation } from '../../src/syntax/ocsp.ts'
import { parseRdapDomain, rdapServers } from '../../src/syntax/rdap.ts'
import { parseHolder, parseNetworkInfo, parseRpkiValidation } from '../../src/syntax/ripestat.ts'
import { authMechanisms, extensions, parseSmtpReply, smtpRefusal } from '../../src/syntax/smtp.ts'
import { issuersOf } from '../../src/syntax/signed-by.ts'
import { formatSpf, isSpf, parseSpf } from '../../src/syntax/spf.ts'
import { expandMacros, parseMacroString, targetName } from '../../src/syntax/spf-macro.ts'
import { parseTags } from '../../src/syntax/tags.ts'
import { parseTlsa } from '../../src/syntax/tlsa.ts'
import { parseTlsReport } from '../../src/syntax/tls-report.ts'
import { parseTlsRpt } from '../../src/syntax/tls-rpt.ts'
import { hostOf, isUri } from '../../src/syntax/uri.ts'
import { readX509 } from '../../src/syntax/x509.ts'
import { readReports } from '../../src/syntax/received-report.ts'
import { MboxSplitter } from '../../src/syntax/mbox.ts'
import { formatZone, parseZone } from '../../src/syntax/zone.ts'
import * as seeds from './seeds.ts'
import type { Target } from './run.ts'

const types: readonly RecordType[] = [...namedTypes, 'TYPE65280']
const logFrames = new FrameReader(() => new Date('2026-11-23T12:00:00Z'))
const longName = Array.from({ length: 127 }, () => 'a').join('.')
const macroValues = { s: 'strong-bad@email.example.com', l: 'strong-bad', o: 'email.example.com', d: 'email.example.com', i: '192.0.2.3', p: 'unknown', v: 'in-addr', h: 'mx.example.org' }

/** Certificates are made first. */
export async function makeTargets(): Promise<Target[]> {
  const root = await createAuthority('Example Root')
  const leaf = await (await root.intermediate('Example Issuer')).issue({ names: ['mx1.example.com', '*.example.net'], addresses: ['192.0.2.1'] })
  const own = await createSelfSigned({ names: ['mail.example.com'], key: 'rsa2048' })
  const anchors = trustAnchors([root.pem])
  const certified = readX509(leaf.der)
  const issuers = certified ? issuersOf(certified, leaf.chain.map(der => der.toString('base64'))) : []
  const revoked = makeRevocationList(root, { entries: [{ serial: certified?.serial ?? '', date: new Date(), reason: 1 }], thisUpdate: new Date(), nextUpdate: new Date(), point: { url: 'http://crl.example/1' } })
  const records = parseZone(seeds.zone).records
  // A session hands over no more.
  const linesOf = (text: string): string[] => text.split(/\r?\n/).slice(0, limits.lines)
  return [
    { name: 'tags', seeds: [...seeds.dkim, ...seeds.dmarc], run: (_, text) => parseTags(text) },
    { name: 'spf', seeds: seeds.spf, run: (_, text) => (isSpf(text) ? formatSpf(parseSpf(text).terms) : parseSpf(text)) },
    {
      name: 'spf-macro', seeds: seeds.macros,
      run(octets, text) {
        const explanation = octets.length % 2 === 0
        const parts = parseMacroString(text, { explanation })
        if ('code' in parts) return
        if (explanation) expandMacros(parts, macroValues)
        else targetName(parts, macroValues)
      },
    },
    { name: 'dkim', seeds: seeds.dkim, run: (_, text) => [resemblesDkim(text), parseDkim(text)] },
    { name: 'dmarc', seeds: seeds.dmarc, run: (_, text) => [isDmarc(text), parseDmarc(text)] },
    { name: 'mta-sts', seeds: seeds.mtaSts, run: (_, text) => parseMtaSts(text) },
    { name: 'mta-sts-policy', seeds: seeds.mtaStsPolicy, run: (_, text) => parseMtaStsPolicy(text).mx.map(pattern => matchesMx(pattern, 'mx1.example.com')) },
    { name: 'tls-rpt', seeds: seeds.tlsRpt, run: (_, text) => parseTlsRpt(text) },
    { name: 'tlsa', seeds: seeds.tlsa, run: (_, text) => parseTlsa(text) },
    { name: 'bimi', seeds: seeds.bimi, run: (_, text) => parseBimi(text) },
    { name: 'autoconfig', seeds: seeds.setUp, run: octets => parseAutoconfig(octets.toString('latin1'), 'example.com') },
    { name: 'ripestat', share: 0.5, seeds: seeds.ripestat, run: octets => [parseHolder, parseNetworkInfo, parseRpkiValidation].map(parse => parse(octets.toString('latin1'))) },
    { name: 'rdap', share: 0.5, seeds: seeds.rdap, run: octets => [parseRdapDomain(octets.toString('latin1')), rdapServers(octets.toString('latin1'), 'mail.example.co.uk')] },
    { name: 'autodiscover', seeds: seeds.setUp, run: octets => parseAutodiscover(octets.toString('latin1')) },
    { name: 'bimi logo', seeds: seeds.logos, run: (_, text) => parseBimiLogo(text) },
    { name: 'aggregate report', share: 0.5, seeds: seeds.reports, words: ['<record>', '</feedback>', '&#x', '<![CDATA['], run: octets => parseDmarcReport(octets) },
    { name: 'tls report', share: 0.5, seeds: seeds.reports, run: octets => parseTlsReport(octets) },
    { name: 'received report', share: 0.5, seeds: seeds.reports, words: ['PK\x03\x04', 'PK\x05\x06', '\r\n--=_b', 'Content-Type: multipart/mixed; boundary=a\r\n'], run: octets => readReports(octets, 'x') },
    {
      name: 'mbox', share: 0.5, seeds: seeds.reports, words: ['\n\nFrom '],
      run(octets) {
        const splitter = new MboxSplitter(50_000, () => undefined)
        splitter.push(octets.subarray(0, octets.length / 2))
        splitter.push(octets.subarray(octets.length / 2))
        splitter.end()
      },
    },
    { name: 'dkim-signature', seeds: seeds.dkimSignature, run: (_, text) => parseDkimSignature(text) },
    {
      name: 'lint', share: 0.5, seeds: [...seeds.spf, ...seeds.dkim, ...seeds.dmarc, ...seeds.mtaSts, ...seeds.mtaStsPolicy, ...seeds.tlsRpt, ...seeds.tlsa, ...seeds.bimi],
      run(octets, text) {
        const result = lint(lintKinds[octets.length % lintKinds.length] ?? 'spf', text)
        renderLint(text, { ...result, problems: result.problems.slice(0, 20) }, { width: 80, colour: true })
      },
    },
    {
      name: 'record data', seeds: records.map(({ text }) => text), words: ['\\# ', '(', ')', '"', '20260101000000'],
      run(octets, text) {
        const type = types[octets.length % types.length] ?? 'TXT'
        only(RecordSyntaxError, () => formatData(type, parseData(type, text, 'example.com')))
      },
    },
    { name: 'zone', seeds: [seeds.zone, ...seeds.zone.split('\n')], words: ['$ORIGIN ', '$TTL ', '$INCLUDE ', 'IN', 'CH', '\n  ', '(', ')'], run: (_, text) => formatZone(parseZone(text, { origin: 'example.com' }).records) },
    {
      name: 'names', seeds: seeds.names,
      run(_, text) {
        for (const read of [foldName, labelsOf, wireLength, parseDomain, parseHostPort, addressOctets, canonicalIpv6, organizationalDomain, isUri, hostOf]) read(text)
        certificateCovers([text, `*.${text}`], text)
        only(RecordSyntaxError, () => parseName(text, 'example.com'))
      },
    },
    {
      name: 'certificate', share: 0.5, seeds: [leaf.der, own.der, root.der, ...leaf.chain],
      run(octets) {
        const base64 = octets.toString('base64')
        parseCertificate(base64)
        verifyChain([base64, ...leaf.chain.slice(1).map(der => der.toString('base64'))], anchors)
      },
    },
    {
      name: 'revocation list', share: 0.5, seeds: [revoked, makeRevocationList(root, { thisUpdate: new Date(), nextUpdate: null, point: { only: 'users', indirect: true } })],
      run: octets => certified && readCrl(octets, certified, issuers),
    },
    { name: 'ocsp', share: 0.5, seeds: seeds.ocsp, run: octets => [parseOcspStaple(octets.toString('base64')), certified && stapledRevocation(octets.toString('base64'), certified, issuers)] },
    {
      name: 'dns message', share: 2, words: ['\xc0\x0c', '\xc0\x00', '\xc0\xff', '\x3f', '\x00\x01', '\x00\x10', '\x00\x29', '\xff\xff', '\x00\x00'],
      seeds: [
        // A name as long as names get, and records that point to it, as many as fit.
        encodeAnswer({ id: 4, question: { name: longName, type: 'A' }, records: Array.from({ length: 4000 }, () => makeRecord(longName, 'A', 60, { address: '192.0.2.1' })) }),
        encodeQuery({ id: 1, name: 'example.com', type: 'MX' }),
        encodeAnswer({ id: 2, question: { name: 'example.com', type: 'MX' }, records, edns: true, extendedErrors: [{ code: 6, text: 'bogus' }] }),
        ...records.map(record => encodeAnswer({ id: 3, question: { name: record.name, type: record.type }, records: [record], authority: records.slice(0, 2) })),
      ],
      run: octets => (octets.length % 8 === 0 ? decodeQuery(octets) : decodeMessage(octets)),
    },
    {
      name: 'smtp replies', seeds: seeds.smtp,
      run(_, text) {
        const lines = linesOf(text)
        return [parseSmtpReply(lines), extensions(lines), authMechanisms(lines), smtpRefusal(lines, { command: 'MAIL', server: 'mx1.example.com' })]
      },
    },
    {
      name: 'imap replies', seeds: seeds.imap,
      run(_, text) {
        const lines = linesOf(text)
        return [lines.map(parseImapStatus), withoutLiterals(lines), endsImapReply(lines, 'a1'), imapMechanisms(imapCapabilities(lines)), imapRefusal(lines, { server: 'imap.example.com' })]
      },
    },
    {
      name: 'pop3 replies', seeds: seeds.pop3,
      run(_, text) {
        const lines = linesOf(text)
        return [lines.map(parsePop3Status), isOk(lines[0]), multilineData(lines), pop3Capabilities(lines), apopTimestamp(text), pop3Refusal(lines, { server: 'pop.example.com' })]
      },
    },
    {
      name: 'mail log', share: 2, seeds: seeds.logLines, words: ['to=<', 'from=<', ', relay=', 'status=sent (', '; from=<', 'user=<', 'rip=', 'H=', 'A=', '[192.0.2.1]', '(set_id=', '<= ', '=> '],
      run(octets) {
        for (const line of octets.toString('latin1').split('\n').slice(0, 4)) {
          const frame = logFrames.read(line) ?? readJournalJson(line)
          if (frame) readLogEvent(frame)
        }
      },
    },
    {
      name: 'journal export', share: 0.5, seeds: [seeds.journalExport], words: ['__CURSOR=', 'MESSAGE\n', '\0\0\0\0\0\0\0', '\n\n'],
      run(octets) {
        const journal = new JournalExport()
        const half = octets.length >> 1
        return [journal.push(octets.subarray(0, half)), journal.push(octets.subarray(half)), journal.end()]
      },
    },
    { name: 'cassette', seeds: [seeds.cassette, ...seeds.cassette.split('\n\n').map(block => `${seeds.cassetteHead}\n${block}`)], run: (_, text) => parseCassette(text) },
    // No more of it than a screen: a library reads YAML, in quadratic time, and such a file is the user's own.
    { name: 'dns file', share: 0.5, seeds: seeds.dnsFiles, run: (_, text) => only(DnsFileError, () => parseDnsFile(text.slice(0, 1000))) },
  ]
}

/** Runs what may throw `expected`, and nothing else. */
function only(expected: new (...args: never) => Error, act: () => unknown): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof expected)) throw error
  }
}
