/** Well-formed records, replies and files to begin from, and some that are broken in ways people break them. */
import { aggregate, failure, mailWith, tls, zip } from '../syntax/report-samples.ts'

const rsa = 'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB'
const sha256 = 'd2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971'

export const spf = [
  'v=spf1 -all', 'v=spf1 +mx a:colo.example.com/28 -all', 'v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all', 'v=spf1 include:_spf.example.net ?all', 'v=spf1 redirect=_spf.example.com',
  'v=spf1 mx/24//64 a//96 ptr:example.com exists:%{ir}.%{v}._spf.%{d2} exp=explain._spf.%{d} unknown=%{s}%_%-%% -all',
  'v=spf1 exists:%{L1R+-}.%{i}.spf.example.net include:%{d1r-} -all', 'V=SPF1 MX:mail.example.com//128 IP4:1.2.3.4 -ALL',
]

export const macros = ['%{i}._spf.%{d2}', '%{s}', '%{ir}.%{v}._spf.%{d}', '%{L2r+-}.%{o1}', '%%%_%-', 'See http://%{d}/why.html?s=%{S}&i=%{I} at %{t} %{c} %{r}', '%{d}.'.repeat(20)]

export const dkim = [
  `v=DKIM1; k=rsa; p=${rsa}`, `v=DKIM1; h=sha256:sha1; s=email:*; t=y:s; n=note; p=${rsa.slice(0, 60)} ${rsa.slice(60)}`, 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  'v=DKIM1; p=', `p=${rsa}`, 'v=DKIM1\\; p=MIGf', '"v=DKIM1; p=MIGf"',
]

export const dmarc = [
  'v=DMARC1; p=none; rua=mailto:dmarc@example.com', 'v=DMARC1; p=quarantine; sp=reject; np=reject; t=y; psd=n; adkim=s; aspf=r; fo=1:d:s; rua=mailto:a@example.com!10m,https://example.net/in; ruf=mailto:f@example.com',
  'v=DMARC1; p=reject; pct=50; rf=afrf; ri=86400', 'V = DMARC1 ; P = Reject',
]

export const mtaSts = ['v=STSv1; id=20160831085700Z;', 'v=STSv1 ; ext-1=a:b ; id=1', 'v=STSv1;;id=x y']
export const mtaStsPolicy = [
  'version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n', 'version: STSv1\nmode: none\nmax_age: 86400', '\xef\xbb\xbfversion:STSv1\n\nmode : testing\nowner: B\xc3\xbccher\n',
]
export const tlsRpt = ['v=TLSRPTv1; rua=mailto:reports@example.com', 'v=TLSRPTv1;rua=https://reporting.example.com/v1/tlsrpt , mailto:a@example.net; x=y;']
export const tlsa = [`3 1 1 ${sha256}`, `2 0 2 ${sha256}${sha256}`, '3 1 0 3003020101', '0 0 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4 649b934ca495991b7852b855']
export const bimi = ['v=BIMI1; l=https://example.com/logo.svg; a=https://example.com/mark.pem; lps=true; avp=personal', 'v=BIMI1; l=; a=;', 'v = BIMI1 ; l = https://example.com/a%2Cb.svgz?x#y']

const svg = '<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 100 100">'
export const logos = [
  `<?xml version="1.0" encoding="UTF-8"?>\n${svg}\n<title>Example &amp; Co</title><defs><linearGradient id="g"/></defs><circle cx="50" cy="50" r="40" fill="url(#g)"/><!-- x --></svg>`,
  `<!DOCTYPE svg [<!ENTITY a "b">]><?xml-stylesheet href="a"?>${svg}<title><![CDATA[x]]></title><a xlink:href="http://a" xmlns:xlink="http://www.w3.org/1999/xlink"/><script>&#x41;</script></svg>`,
]

export const dkimSignature = [
  'DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r\n c=simple/simple; q=dns/txt; i=joe@football.example.com;\r\n h=Received : From : To;\r\n' +
  ' bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB4nujc7YopdG5dWLSdNg6xNAZpOPr\r\n kHxt1IrE',
  'v=1; a=ed25519-sha256; d=example.com; s=s1; h=from:to; t=1528637909; x=1528637910; l=100; z=From:a@b|To:c; bh=AAAA; b=BBBB',
]

export const zone = [
  '$ORIGIN example.com.', '$TTL 1h', '@ IN SOA ns1 hostmaster (2026010100 7200 ; refresh', '  3600 1209600 300)', '@ NS ns1', '@ 300 MX 10 mx1', '@ MX 0 .', 'mx1 A 192.0.2.1', '  AAAA 2001:db8::1',
  '@ TXT "v=spf1 include:_spf.example.net" " -all"', 'odd\\.name\\032x CNAME target.example.net.', '_25._tcp.mx1 TLSA 3 1 1 ' + sha256, '_imaps._tcp SRV 0 1 993 mail', '@ CAA 0 issue "ca.example; policy=ev"',
  'child DS 12345 13 2 ' + sha256, '@ DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==',
  '@ RRSIG MX 13 2 300 20261231000000 20261201000000 12345 example.com. AAAA', '1.2.0.192.in-addr.arpa. PTR mx1.example.com.', 'd DNAME other.example.', 'new TYPE65280 \\# 4 0a000001', 'dead MX (servfail)', '',
].join('\n')

export const names = [
  'example.com', 'EXAMPLE.com.', 'a\\.b.example', 'xn--bcher-kva.example', 'b\xc3\xbccher.example', '_dmarc.example.co.uk', '[2001:db8::1]:53', '192.0.2.1:5353', '2001:db8::ffff:192.0.2.1', '*.example.com',
  'user@example.com', 'https://example.com/path?x#y', 'mailto:a@b.example', `${'a'.repeat(63)}.example`, 'a.'.repeat(120),
]

export const smtp = [
  '220 mx1.example.com ESMTP ready', '250-mx1.example.com Hello\r\n250-SIZE 10485760\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=LOGIN\r\n250-STARTTLS\r\n250 8BITMIME', '550-5.7.1 Service unavailable;\n550 5.7.1 client host [192.0.2.9] blocked using zen.example',
  '451 4.7.1 Greylisting in action, please come back later', '421 4.3.2 try again', '554 5.7.1 no SMTP here', '2', '250',
]

export const imap = [
  '* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN] ready', '* CAPABILITY IMAP4rev2 IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256\r\na1 OK done', '* PREAUTH welcome', '* BYE too many connections from your IP',
  '* ID ("name" {7}\r\nDovecot "version" NIL)\r\na1 NO [UNAVAILABLE] later', 'a1 BAD {3+}\r\nabc', '* 1 FETCH (BODY {1000000}',
]

export const pop3 = [
  '+OK POP3 ready <1896.697170952@dbc.mtview.ca.us>', '+OK\r\nCAPA\r\nSASL PLAIN LOGIN\r\nSTLS\r\nRESP-CODES\r\nEXPIRE 60\r\n..dotted\r\n.', '-ERR [SYS/TEMP] try later', '-ERR too many connections', '+OKAY', '-',
]

export const cassetteHead = 'mailcheck cassette 1\nstart 2026-11-22T10:00:00.000Z\n'
export const cassette = `${cassetteHead}
question example.com. MX
  * NOERROR 12 ms udp 96 octets from 127.0.0.53:53 ad-trusted secure
  example.com. 3600 IN MX 10 mx1.example.com.
  * aliases
  example.com. 60 IN CNAME other.example.
  * authority
  example.com. 60 IN NS ns1.example.com.

question _dmarc.example.com. TXT @192.0.2.53 tcp cd
  * timeout dns-timeout "127.0.0.53:53 did not answer"

session mx1.example.com[192.0.2.1]:25 starttls
  * connected 25
  31 S: 220 mx1.example.com ESMTP \\xff\\\\
  C: EHLO probe.example.org
  43 S: 250 STARTTLS
  C: STARTTLS
  55 S: 220 go ahead
  * injected "250 evil\\x0d\\x0a"
  * tls TLSv1.3 TLS_AES_256_GCM_SHA384 X25519 trusted anchor="Example Root" path=0,1 cert=5d41402abc4b2a76 sni=mx1.example.com elapsed=21
  * closed connection-lost "mx1.example.com closed the connection"

page POST https://mta-sts.example.com/.well-known/mta-sts.txt
  > content-type: text/plain
  >| body
  * 200 from 192.0.2.10 80 ms
  * tls TLSv1.3 TLS_AES_256_GCM_SHA384 X25519 self-signed
  < content-type: text/plain
  | version: STSv1
  | mode: enforce

certificate 5d41402abc4b2a76
  -----BEGIN CERTIFICATE-----
  MIIB
  -----END CERTIFICATE-----

ocsp 5d41402abc4b2a77
  MIIB
`

export const dnsFiles = [
  '{"example.com":[{"SPF":"v=spf1 -all"},{"MX":[10,"mx1.example.com"]},{"A":"192.0.2.1"},"TIMEOUT"],"mx1.example.com":[{"AAAA":"2001:db8::1"},{"TXT":"NONE"},{"AD":true}]}',
  'example.com:\n  - SPF: v=spf1 mx -all\n  - MX: [10, mx1.example.com]\n  - TXT: ["v=spf1 ", "-all"]\n  - TLSA: 3 1 1 00\n  - CNAME: a.example\n  - MX: SERVFAIL\nerror.example.com:\n  - TIMEOUT\n',
]

export const rdap = [
  '{"objectClassName":"domain","ldhName":"example.co.uk","status":["active"],"entities":[{"roles":["registrar"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Example"]]]}],"events":[{"eventAction":"expiration","eventDate":"2027-01-31T10:00:00.5+01:00"}]}',
  '{"version":"1.0","services":[[["com","uk"],["https://rdap.example.net/v1","http://rdap.example.net/"]],[["co.uk"],["https://rdap.example.org/"]]]}',
]
export const ripestat = [
  '{"status":"ok","data":{"asns":["64496"],"prefix":"2001:db8::/32"}}',
  '{"status":"ok","data":{"status":"valid","validating_roas":[{"origin":"AS64496","prefix":"9.9.0.0/16","max_length":24,"validity":"valid"}]}}',
  '{"status":"ok","data":{"holder":"EXAMPLE - Example"}}',
]
export const ocsp = [Buffer.from('307a0a0100a075307306092b06010505073001010466306430593022a2040402aabb180f32303236313132313130303030305a300b30090605', 'hex')]
export const setUp = [
  '<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="example.com"><domain>example.com</domain><incomingServer type="imap"><hostname>%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType></incomingServer><outgoingServer type="smtp"><hostname>smtp.example.com</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer></emailProvider></clientConfig>',
  '<Autodiscover xmlns="a"><Response xmlns="b"><Account><Action>settings</Action><Protocol><Type>IMAP</Type><Server>mail.example.com</Server><Port>993</Port><SSL>on</SSL><Encryption>Auto</Encryption></Protocol><RedirectUrl>https://example.net/</RedirectUrl></Account><Error><ErrorCode>600</ErrorCode></Error></Response></Autodiscover>',
  '<!DOCTYPE clientConfig [<!ENTITY a "b">]><clientConfig>&a;<![CDATA[<]]></clientConfig>',
]

export const logLines = [
  'Nov 23 10:00:05 mx postfix/smtpd[12]: 3F1A2B3C4D: client=laptop.example.com[192.0.2.7], sasl_method=PLAIN, sasl_username=joe@example.com',
  'Nov 23 10:00:05 mx postfix/smtpd[12]: warning: unknown[192.0.2.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=joe',
  'Nov 23 10:00:05 mx postfix/smtpd[12]: NOQUEUE: reject: RCPT from unknown[192.0.2.66]: 554 5.7.1 <"a>"@example.org>: Relay access denied; from=<x@example.net> to=<ann@example.org> proto=ESMTP helo=<x>',
  'Nov 23 10:00:05 mx postfix/qmgr[12]: 3F1A2B3C4D: from=<joe@example.com>, size=1234, nrcpt=2 (queue active)',
  'Nov 23 10:00:05 mx postfix/smtp[12]: 3F1A2B3C4D: to=<ann@example.org>, orig_to=<a>, relay=mx.example.org[203.0.113.5]:25, conn_use=3, delay=1.4, delays=0.1/0/0.8/0.5, dsn=4.2.1, status=deferred (host mx.example.org[203.0.113.5] said: 450 4.2.1 Greylisted)',
  'Nov 23 10:00:05 imap-login: Info: Disconnected (auth failed, 3 attempts in 12 secs): user=<joe>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, mpid=1, TLS, session=<abc>',
  'Nov 23 10:00:05 mx dovecot: auth-worker(2047): conn unix:auth-worker (pid=2046,uid=116): auth-worker<3>: sql(joe@example.com,2001:db8::7,<abc>): Password mismatch',
  '2026-11-23 10:00:05 [12] 1vN2aB-000abc-1x <= joe@example.com H=laptop (laptop) [192.0.2.7]:50001 P=esmtpsa X=TLS1.3:x:256 A=plain_login:joe S=1234 id=1 T="a" for b',
  '2026-11-23 10:00:05 1vN2aB-000abc-1x == "x y"@example.org <a@b> R=dnslookup T=remote_smtp defer (-44) H=mx.example.org [203.0.113.5]: SMTP error: 451 4.7.1 Greylisted',
  '2026-11-23 10:00:05 H=(x) [192.0.2.66]:4000 X=TLS1.3:x F=<a@b.example> temporarily rejected RCPT <ann@example.org>: greylisted',
  '2026-11-23 10:00:05 plain authenticator failed for (x) [192.0.2.66]:1 I=[192.0.2.1]:25: 535 Incorrect authentication data (set_id=joe)',
  '<22>1 2026-11-23T10:00:05.5+01:00 mx postfix/smtpd 99 - [a@1 b="\\"]"] connect from x[192.0.2.1]',
  '{"__REALTIME_TIMESTAMP":"1795428005123456","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":"postfix/smtpd","_PID":"12","MESSAGE":[97,27,98]}',
]

export const journalExport = '__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795428005123456\n_HOSTNAME=mx\nSYSLOG_IDENTIFIER=postfix/smtpd\nMESSAGE\n\u0003\0\0\0\0\0\0\0a\nb\n_PID=12\n\n'

// Nothing that is deflated: what zlib cannot read it forgets at the next turn of the event loop only, and a fuzz run has none.
const stored = zip([{ name: 'a.xml', content: aggregate(), method: 0 }, { name: 'b/', content: '', method: 0 }])
export const reports: readonly (string | Buffer)[] = [
  aggregate({ rows: [{ reason: 'forwarded' }, { source: '2001:db8::1', dkim: 'fail' }] }), aggregate({ form: 'RFC 9990' }), tls({ failures: [{ type: 'tlsa-invalid', host: 'mx1.example.com', count: 3 }] }), failure(),
  stored, mailWith(Buffer.from(aggregate()), { type: 'text/xml', name: 'a.xml' }),
  `From a@b Fri\n${mailWith(stored, { type: 'application/zip', name: 'a.zip' })}\n\nFrom c@d Fri\nSubject: x\n\nFrom e\n`,
]
