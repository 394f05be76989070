/** A zone with two name servers, as its own servers and its registry have it, for tests to break. */
export const zone = `
  $TTL 3600
  example.com SOA ns1.example.com hostmaster.example.com 2026112001 7200 3600 1209600 3600
  example.com NS ns1.example.com
  example.com NS ns2.example.net
  example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  _dmarc.example.com TXT "v=DMARC1; p=reject"
  mx1.example.com A 9.9.9.25
  ns1.example.com A 9.9.9.1
  ns2.example.net A 9.9.9.2
  com SOA a.registry.com hostmaster.registry.com 1 7200 3600 1209600 3600
  com NS a.registry.com
  a.registry.com A 9.9.9.9
  ; at 9.9.9.9 delegates example.com ns1.example.com ns2.example.net`

export const servers = { ns1: '9.9.9.1', ns2: '9.9.9.2', registry: '9.9.9.9' }

/** The resolver answers nothing at all of the domain. */
export const unresolved = `${zone}\n${['SOA', 'NS', 'MX', 'TXT', 'A', 'AAAA'].map(type => `example.com ${type} (servfail)`).join('\n')}`
