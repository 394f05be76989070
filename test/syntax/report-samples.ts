/** Reports as receivers write them, made by hand for tests. */
import { gzipSync, deflateRawSync, crc32 } from 'node:zlib'

export interface Row {
  readonly source?: string
  readonly count?: number | string
  readonly disposition?: string
  readonly dkim?: string
  readonly spf?: string
  readonly from?: string
  readonly reason?: string
  readonly selector?: string
  readonly signer?: string
  readonly signature?: string
  readonly envelope?: string
}

export function row(one: Row = {}): string {
  const { source = '11.25.1.7', count = 10, disposition = 'none', dkim = 'pass', spf = 'pass', from = 'example.com', reason, selector = 's1', signer = from, signature = dkim, envelope = from } = one
  return `  <record>
    <row>
      <source_ip>${source}</source_ip>
      <count>${count}</count>
      <policy_evaluated><disposition>${disposition}</disposition><dkim>${dkim}</dkim><spf>${spf}</spf>${
  reason === undefined ? '' : `<reason><type>${reason}</type><comment>a &amp; b</comment></reason>`}</policy_evaluated>
    </row>
    <identifiers><envelope_from>${envelope}</envelope_from><header_from>${from}</header_from></identifiers>
    <auth_results>
      <dkim><domain>${signer}</domain><selector>${selector}</selector><result>${signature}</result></dkim>
      <spf><domain>${envelope}</domain><scope>mfrom</scope><result>${spf}</result></spf>
    </auth_results>
  </record>
`
}

export interface Aggregate {
  readonly org?: string
  readonly id?: string
  readonly domain?: string
  /** Seconds since 1970. */
  readonly begin?: number
  readonly rows?: readonly Row[]
  readonly form?: 'RFC 7489' | 'RFC 9990'
  readonly policy?: string
}

export const day = 86_400
/** 2026-11-20T00:00:00Z */
export const begin = Date.parse('2026-11-20T00:00:00Z') / 1000

export function aggregate(one: Aggregate = {}): string {
  const { org = 'receiver.example', id = '1', domain = 'example.com', begin: from = begin, rows = [{}], form = 'RFC 7489', policy = 'none' } = one
  const isNew = form === 'RFC 9990'
  return `<?xml version="1.0" encoding="UTF-8"?>
<feedback${isNew ? ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"' : ''}>
  <version>1.0</version>
  <report_metadata>
    <org_name>${org}</org_name>
    <email>dmarc@${org}</email>
    <report_id>${id}</report_id>
    <date_range><begin>${from}</begin><end>${from + day - 1}</end></date_range>${isNew ? '\n    <generator>mill 2</generator>' : ''}
  </report_metadata>
  <policy_published>
    <domain>${domain}</domain>
    <adkim>r</adkim><aspf>r</aspf><p>${policy}</p><sp>${policy}</sp>${isNew ? '<np>reject</np><testing>n</testing><discovery_method>treewalk</discovery_method>' : '<pct>100</pct>'}
  </policy_published>
${rows.map(row).join('')}</feedback>
`
}

export interface TlsFailing {
  readonly type: string
  readonly host?: string
  readonly count: number
}

export function tls({ org = 'Sender', id = 't1', domain = 'example.com', begin: from = begin, success = 100, failures = [], type = 'sts' }: {
  org?: string; id?: string; domain?: string; begin?: number; success?: number; failures?: readonly TlsFailing[]; type?: string
} = {}): string {
  return JSON.stringify({
    'organization-name': org,
    'date-range': { 'start-datetime': new Date(from * 1000).toISOString(), 'end-datetime': new Date((from + day - 1) * 1000).toISOString() },
    'contact-info': 'tls@sender.example', 'report-id': id,
    policies: [{
      policy: { 'policy-type': type, 'policy-string': ['version: STSv1', 'mode: enforce'], 'policy-domain': domain, 'mx-host': ['mx1.example.com'] },
      summary: { 'total-successful-session-count': success, 'total-failure-session-count': failures.reduce((sum, { count }) => sum + count, 0) },
      ...(failures.length === 0 ? {} : {
        'failure-details': failures.map(one => ({
          'result-type': one.type, 'sending-mta-ip': '11.9.9.9', 'failed-session-count': one.count,
          ...(one.host === undefined ? {} : { 'receiving-mx-hostname': one.host, 'receiving-ip': '11.25.1.1', 'failure-reason-code': 'X509_V_ERR_CERT_HAS_EXPIRED' }),
        })),
      }),
    }],
  }, null, 2)
}

export function failure({ id = 'f1', domain = 'example.com', source = '11.66.1.9', type = 'auth-failure' }: { id?: string; domain?: string; source?: string; type?: string } = {}): string {
  return [
    'From: DMARC <dmarc@receiver.example>', 'To: ruf@example.com', 'Subject: FW: Invoice', `Message-ID: <${id}@receiver.example>`, 'Date: Fri, 20 Nov 2026 10:00:05 +0000', 'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part"', '', '--part', 'Content-Type: text/plain', '', 'This message failed DMARC.', '',
    '--part', 'Content-Type: message/feedback-report', '', `Feedback-Type: ${type}`, 'User-Agent: mill/2', 'Version: 1', 'Auth-Failure: dmarc', 'Identity-Alignment: none',
    `Original-Mail-From: <bounce@elsewhere.example>`, 'Arrival-Date: Fri, 20 Nov 2026 10:00:00 +0000', `Source-IP: ${source}`, `Reported-Domain: ${domain}`, 'Delivery-Result: reject',
    'DKIM-Domain: elsewhere.example', 'DKIM-Selector: k1', '', '--part', 'Content-Type: text/rfc822-headers', '', `From: Eve <eve@${domain}>`, 'Subject: Invoice', '', '--part--', '',
  ].join('\r\n')
}

export function mailWith(content: Uint8Array, { type = 'application/gzip', name = 'report.xml.gz', encoding = 'base64' }: { type?: string; name?: string; encoding?: string } = {}): string {
  const body = encoding === 'base64' ? Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n') : Buffer.from(content).toString('latin1')
  return [
    'From: dmarc@receiver.example', 'To: rua@example.com', 'Subject: Report Domain: example.com Submitter: receiver.example Report-ID: 1', 'Message-ID: <1@receiver.example>', 'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="=_b"', '', 'preamble', '--=_b', 'Content-Type: text/plain; charset=utf-8', '', 'See the attachment.', '--=_b',
    `Content-Type: ${type}; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`, `Content-Transfer-Encoding: ${encoding}`, '', body, '--=_b--', '',
  ].join('\r\n')
}

export const gzip = (text: string): Buffer => gzipSync(Buffer.from(text))

export interface Zipped {
  readonly name: string
  readonly content: Buffer | string
  readonly flags?: number
  readonly method?: number
  /** A lie. */
  readonly size?: number
  readonly crc?: number
}

export function zip(files: readonly Zipped[], { count = files.length }: { count?: number } = {}): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const { name, content, flags = 0, method = 8, size, crc } of files) {
    const plain = Buffer.from(content)
    const packed = method === 8 ? deflateRawSync(plain) : plain
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(crc ?? crc32(plain), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(size ?? plain.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, Buffer.from(name)]))
    locals.push(local)
    at += local.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}
