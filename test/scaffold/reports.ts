/** Writes fixtures/reports anew: a report of every form that mailcheck reads, and some that it must set aside. `npx tsx test/scaffold/reports.ts` */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { aggregate, begin, day, failure, gzip, mailWith, tls, zip } from '../syntax/report-samples.ts'

const folder = new URL('../../fixtures/reports/', import.meta.url).pathname

const own = { source: '11.25.1.7', count: 940 }
const list = { source: '11.40.0.3', count: 31, spf: 'fail', dkim: 'fail', envelope: 'lists.example', signature: 'fail', reason: 'mailing_list' }
const shop = { source: '11.66.1.9', count: 62, spf: 'fail', dkim: 'fail', envelope: 'bounce.mailer.example', signer: 'mailer.example', selector: 'k1', signature: 'pass' }
const forger = { source: '2001:db8:66::1', count: 17, spf: 'fail', dkim: 'fail', envelope: 'nobody.example', signature: 'fail' }

export const files: Readonly<Record<string, Buffer | string>> = {
  'rfc7489.xml': aggregate({ id: '7489', org: 'alpha.example', rows: [own, list] }),
  'rfc9990.xml': aggregate({ id: '9990', org: 'beta.example', form: 'RFC 9990', begin: begin + day, rows: [{ ...own, count: 410, disposition: 'pass' }, { ...own, source: '2001:db8:25::7', count: 88, disposition: 'pass' }, shop] }),
  'latin-1.xml': Buffer.from(aggregate({ id: 'l1', org: 'B\xfccher' }).replace('UTF-8', 'iso-8859-1'), 'latin1'),
  'alpha.example!example.com!1795219200!1795305599.xml.gz': gzip(aggregate({ id: 'gz', org: 'alpha.example', begin: begin + day, rows: [own, forger] })),
  'gamma.example!example.com!1795132800!1795219199.zip': zip([{ name: 'gamma.example!example.com!1795132800!1795219199.xml', content: aggregate({ id: 'zip', org: 'gamma.example', rows: [{ ...own, count: 55 }] }) }]),
  'mail.eml': mailWith(gzip(aggregate({ id: 'mail', org: 'delta.example', rows: [{ ...own, count: 12 }] }))),
  'mail-zip.eml': mailWith(zip([{ name: 'r.xml', content: aggregate({ id: 'mail-zip', org: 'delta.example', begin: begin + day, rows: [{ ...own, count: 13 }] }) }]), { type: 'application/zip', name: 'r.zip' }),
  'mailbox.mbox': `From dmarc@epsilon.example Fri Nov 20 10:00:00 2026\n${mailWith(gzip(aggregate({ id: 'box-1', org: 'epsilon.example' }))).replaceAll('\r\n', '\n')}\n`
    + `From someone@elsewhere.example Fri Nov 20 11:00:00 2026\nSubject: Hello\n\nNo report.\n\nFrom tls@sender.example Sat Nov 21 10:00:00 2026\n${mailWith(gzip(tls({ id: 'box-tls' })), { type: 'application/tlsrpt+gzip', name: 'tls.json.gz' }).replaceAll('\r\n', '\n')}\n`,
  'maildir/cur/1795132800.M1.host:2,S': mailWith(gzip(aggregate({ id: 'dir-1', org: 'zeta.example' }))),
  'maildir/new/1795219200.M2.host': failure(),
  'maildir/tmp/1795219201.M3.host': 'half a mes',
  'tls.json': tls({ id: 'tls', failures: [{ type: 'certificate-expired', host: 'mx1.example.com', count: 4 }, { type: 'sts-policy-fetch-error', count: 2 }] }),
  'tls.json.gz': gzip(tls({ id: 'tls-gz', begin: begin + day, success: 250 })),
  'failure.eml': failure({ id: 'f2', source: '2001:db8:66::1' }),
  'again/rfc7489-again.xml': aggregate({ id: '7489', org: 'Alpha.Example', rows: [own, list] }),
  'broken/cut-off.xml': aggregate({ id: 'cut' }).slice(0, 900),
  'broken/cut-off.xml.gz': gzip(aggregate({ id: 'cut-gz' })).subarray(0, 200),
  'broken/doctype.xml': aggregate({ id: 'entities' }).replace('<feedback', '<!DOCTYPE feedback [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<feedback'),
  'broken/bomb.xml.gz': gzipSync(Buffer.alloc(20 * 1024 * 1024, ' '), { level: 9 }),
  'broken/encrypted.zip': zip([{ name: 'r.xml', content: 'secret', flags: 1 }]),
  'broken/nested.zip': zip([{ name: 'inner.zip', content: zip([{ name: 'r.xml', content: aggregate({ id: 'nested' }) }]) }]),
  'broken/many.zip': zip(Array.from({ length: 101 }, (_, i) => ({ name: `${i}.xml`, content: '', method: 0 }))),
  'broken/no-report.eml': 'From: ann@example.org\r\nSubject: Hello\r\n\r\nNo report.\r\n',
  'broken/notes.txt': 'Remember to read the reports\n',
  'broken/one-bad-record.xml': aggregate({ id: 'bad-record', org: 'eta.example', rows: [{ source: 'not.an.address.example' }, { ...own, count: 7 }] }),
  'broken/other.json': '{"hello":"world"}\n',
  'broken/tls-cut-off.json': tls({ id: 'tls-cut' }).slice(0, 400),
}

export function writeReports(into: string): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(into, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
}

if (process.argv[1]?.endsWith('scaffold/reports.ts')) {
  rmSync(folder, { recursive: true, force: true })
  writeReports(folder)
}
