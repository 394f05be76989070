/** A domain whose MX host sends its mail, too. */
export const sending = `
  example.com MX 10 mx1.example.com
  example.com TXT "v=spf1 mx -all"
  mx1.example.com A 9.9.9.25`

export const declared = { senders: [{ address: '9.9.9.7' }, { address: '2620:fe::7' }] }
export const reverse6 = '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.e.f.0.0.0.2.6.2.ip6.arpa'
