/** Names and words that everybody uses, or that a judgement rests on: a redacted recording keeps them. */

/** Labels that a standard or a custom prescribes. */
export const labels: ReadonlySet<string> = new Set([
  '_dmarc', '_domainkey', '_report', '_smtp', '_tls', '_mta-sts', '_bimi', '_spf', '_adsp', '_tcp', '_udp', '_imap', '_imaps', '_pop3', '_pop3s', '_submission',
  '_submissions', '_autodiscover', '_jmap', '_caldavs', '_carddavs', '_dnsauth', '_acme-challenge', '_amazonses', '_msdcs', 'mta-sts', 'default',
])

/** Words in the names of hosts and keys, in the parts of mail addresses before the @, and in paths. */
export const words: ReadonlySet<string> = new Set([
  'mail', 'mailhost', 'email', 'mx', 'smtp', 'smtps', 'esmtp', 'imap', 'imaps', 'pop', 'pop3', 'pop3s', 'submission', 'submissions', 'ns', 'dns', 'www', 'web', 'webmail', 'mta',
  'sts', 'relay', 'gateway', 'gw', 'inbound', 'outbound', 'in', 'out', 'bounce', 'bounces', 'list', 'lists', 'news', 'newsletter', 'autoconfig', 'autodiscover', 'config', 'spf',
  'dkim', 'dmarc', 'bimi', 'tls', 'rpt', 'tlsrpt', 'ptr', 'host', 'server', 'localhost', 'localdomain', 'default', 'key', 'selector', 'test', 'txt', 'xml', 'svg', 'svgz', 'pem', 'html', 'well',
  'known', 'jmap', 'ews', 'exchange', 'asmx', 'php', 'json', 'mark', 'logo', 'postmaster', 'hostmaster', 'webmaster', 'abuse', 'security', 'noc', 'admin', 'info', 'root', 'mailer',
  'daemon', 'noreply', 'no', 'reply', 'reports', 'report', 'rua', 'ruf', 'agg', 'forensic', 'mailcheck', 'probe', 'such', 'user', 'nobody',
  // in the paths at which registries and watchers of routes are asked
  'rdap', 'domain', 'data', 'network', 'rpki', 'validation', 'overview',
  // by which a reverse name is told to be that of an access line
  'adsl', 'broadband', 'cable', 'catv', 'client', 'clients', 'cpe', 'customer', 'customers', 'cust', 'dhcp', 'dial', 'dialin', 'dialup', 'dsl', 'dyn', 'dynamic', 'dynamicip', 'fiber',
  'ftth', 'generic', 'home', 'pool', 'pools', 'ppp', 'pppoe', 'rev', 'static', 'unassigned', 'users', 'vdsl', 'xdsl',
])

/** Names that our own probes speak, unless they are what is checked. */
export const reserved: readonly string[] = ['example.com', 'example.net', 'example.org', 'localhost', 'localhost.localdomain', 'dns-oarc.net', 'data.iana.org', 'stat.ripe.net']

/** Hosts in whose name vocabularies are spelt out: nobody is asked there. */
export const vocabularies: ReadonlySet<string> = new Set(['www.w3.org', 'schemas.microsoft.com', 'schemas.xmlsoap.org', 'purl.org', 'ns.adobe.com', 'www.inkscape.org', 'sodipodi.sourceforge.net', 'www.apple.com', 'creativecommons.org'])

/** Words of certificates' names that say nothing of anybody. */
export const titles: ReadonlySet<string> = new Set([
  'ca', 'root', 'certificate', 'certification', 'authority', 'intermediate', 'issuing', 'issuer', 'server', 'tls', 'ssl', 'rsa', 'ecc', 'ecdsa', 'inc', 'ltd', 'gmbh', 'llc', 'domain', 'control',
  'validated', 'validation', 'secure', 'trust', 'services', 'class', 'public', 'primary', 'private', 'organization', 'extended', 'test', 'emailaddress', 'serialnumber', 'wildcard', 'leaf',
])

/** Words that the mail protocols themselves use: no domain is meant by them. */
export const protocol: ReadonlySet<string> = new Set([
  'auth', 'plain', 'login', 'starttls', 'stls', 'size', 'pipelining', 'smtputf8', '8bitmime', 'help', 'vrfy', 'etrn', 'expn', 'capability', 'imap4rev1', 'imap4rev2', 'idle', 'uidl', 'user', 'sasl',
  'ready', 'service', 'server', 'mail', 'error', 'access', 'denied', 'relay', 'closed', 'connection', 'command', 'recognized', 'unknown', 'sender', 'address', 'rejected', 'system', 'temporary',
  'begin', 'negotiation', 'completed', 'required', 'authentication', 'list', 'follows', 'greylisted', 'blocked', 'spam', 'reverse', 'name', 'host', 'domain', 'https', 'http', 'html', 'mode',
  'enforce', 'testing', 'version', 'stsv1', 'none', 'quarantine', 'reject', 'include', 'redirect', 'exists', 'all', 'order', 'good', 'timeout', 'certificate', 'handshake', 'failed', 'type', 'port',
])

/** File names end so; domain names do not. */
export const extensions: ReadonlySet<string> = new Set(['txt', 'xml', 'svg', 'svgz', 'html', 'htm', 'pem', 'crt', 'cer', 'der', 'p7c', 'json', 'php', 'js', 'css', 'png', 'jpg', 'gif', 'gz', 'aspx', 'asmx', 'mobileconfig', 'crl'])
