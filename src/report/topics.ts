/** How topics are called in prose. A topic without an entry is called by its id. */
const titles: Readonly<Record<string, string>> = {
  domain: 'domain', dns: 'DNS', mx: 'MX', smtp: 'SMTP', 'mx-tls': 'TLS on port 25', spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC',
  'mta-sts': 'MTA-STS', 'tls-rpt': 'TLS reporting', dane: 'DANE', dnssec: 'DNSSEC', caa: 'CAA', bimi: 'BIMI', iprev: 'reverse DNS',
  tls: 'TLS', imap: 'IMAP', pop3: 'POP3', 'client-config': 'client set-up',
}

export function topicTitle(topic: string): string {
  return titles[topic] ?? topic
}

/** `spf` of `spf/record-exists`. */
export function topicOf(check: string): string {
  return check.split('/', 1)[0] ?? check
}
