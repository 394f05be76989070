/** The mail hosts of the world: each one Postfix and one Dovecot, and what is particular about them. */

/** Global unicast addresses, that exist in the servers’ namespace alone. */
export const addresses = {
  DNS: '185.12.34.53', DNS2: '185.12.34.54',
  WEB4: '185.12.34.80',
  GOOD4: '185.12.34.10', GOOD6: '2a0c:1234::10',
  EXPIRED4: '185.12.34.20',
  CLEAR4: '185.12.34.30',
  DEAD4: '185.12.34.40',
  OLD4: '185.12.34.50',
  NEW4: '185.12.34.60',
  CHAIN4: '185.12.34.70',
  RELAY4: '185.12.34.90',
  PLAIN4: '185.12.34.110',
  LOGIN4: '185.12.34.120',
  DUAL4: '185.12.34.130',
  NAMED4: '185.12.34.140',
  STATIC4: '185.12.34.150',
  OUT4: '185.12.34.160',
  LETTERS4: '185.12.34.161',
}

export interface MailHost {
  readonly name: string
  readonly domain: string
  readonly host: string
  readonly certificateNames: string[]
  readonly addresses: string[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** Signed by an intermediate, which is left out of what is served. */
  readonly incomplete?: true
  /** Further settings of Postfix and of Dovecot. */
  readonly postfix?: string
  readonly dovecot?: string
  /** Who has a token is let in, too. */
  readonly tokens?: true
  /** Who gets mail there, beside probe: it is delivered into mailboxes, at this port over LMTP. @DIR@ in settings is the host's folder. */
  readonly mailboxes?: { readonly lmtp: number; readonly users: readonly string[] }
  /** Passwords are taken in clear. */
  readonly clear?: true
  /** OpenSSL itself offers this version alone: Dovecot cannot be told so. */
  readonly onlyTls?: 'TLSv1' | 'TLSv1.1'
  /** An RSA key; else one of an elliptic curve. */
  readonly rsa?: true
  /** Beside its certificate one with an RSA key, which ended long ago. */
  readonly second?: true
  /** Dovecot shows its certificate to clients that name the host (SNI), and to the others one of this name. */
  readonly nameless?: string
}

const day = 86_400_000
const now = Date.now()
const usual = { notBefore: new Date(now - 10 * day), notAfter: new Date(now + 80 * day) }
const plain = (name: string, address: string): MailHost =>
  ({ name, domain: `${name}.example`, host: `mail.${name}.example`, certificateNames: [`mail.${name}.example`], addresses: [address], ...usual })

/** Postfix that hands over to Dovecot and to one neighbour, and comes back soon to what was put off. */
const delivering = (lmtp: number, transports: string): string[] => [
  `local_transport = lmtp:inet:127.0.0.1:${lmtp}`, `transport_maps = inline:{ ${transports.split(' ').map(one => `{ ${one.replace('=', ' = ')} }`).join(' ')} }`,
  'smtp_tls_security_level = may', 'queue_run_delay = 3s', 'minimal_backoff_time = 3s', 'maximal_backoff_time = 6s', 'milter_default_action = tempfail',
]

export const hosts: readonly MailHost[] = [
  { ...plain('good', addresses.GOOD4), host: 'mx1.good.example', certificateNames: ['mx1.good.example', 'mail.good.example'], addresses: [addresses.GOOD4, addresses.GOOD6] },
  { ...plain('expired', addresses.EXPIRED4), notBefore: new Date(now - 100 * day), notAfter: new Date(now - 10 * day) },
  { ...plain('clear', addresses.CLEAR4), postfix: 'smtpd_tls_auth_only = no\nsmtpd_sasl_auth_enable = yes\nmua_tls_level = may', clear: true },
  {
    ...plain('old', addresses.OLD4), onlyTls: 'TLSv1',
    postfix: 'smtpd_tls_protocols = TLSv1\nsmtpd_tls_mandatory_protocols = TLSv1\ntls_medium_cipherlist = ALL:@SECLEVEL=0',
    dovecot: 'ssl_min_protocol = TLSv1\nssl_cipher_list = ALL:@SECLEVEL=0',
  },
  {
    ...plain('new', addresses.NEW4), postfix: 'smtpd_tls_protocols = >=TLSv1.3\nsmtpd_tls_mandatory_protocols = >=TLSv1.3',
    dovecot: 'ssl_min_protocol = TLSv1.3',
  },
  plain('plain', addresses.PLAIN4),
  { ...plain('chain', addresses.CHAIN4), incomplete: true },
  {
    ...plain('login', addresses.LOGIN4), tokens: true,
    dovecot: 'auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer',
  },
  { ...plain('dual', addresses.DUAL4), second: true },
  { ...plain('named', addresses.NAMED4), nameless: 'www.named.example' },
  {
    ...plain('static', addresses.STATIC4), onlyTls: 'TLSv1.1', rsa: true, dovecot: 'ssl_min_protocol = TLSv1\nssl_cipher_list = kRSA:@SECLEVEL=0',
    postfix: 'smtpd_tls_protocols = TLSv1, TLSv1.1\nsmtpd_tls_mandatory_protocols = TLSv1, TLSv1.1\ntls_medium_cipherlist = kRSA:@SECLEVEL=0',
  },
  {
    ...plain('out', addresses.OUT4), mailboxes: { lmtp: 2424, users: [] },
    postfix: [...delivering(2424, `letters.example=smtp:[${addresses.LETTERS4}]`), `smtp_bind_address = ${addresses.OUT4}`, 'smtpd_milters = inet:127.0.0.1:8891'].join('\n'),
  },
  {
    ...plain('letters', addresses.LETTERS4), mailboxes: { lmtp: 2425, users: ['junk', 'shy', 'lost'] },
    postfix: [
      ...delivering(2425, `out.example=smtp:[${addresses.OUT4}] lost@letters.example=discard:`), `smtp_bind_address = ${addresses.LETTERS4}`,
      'smtpd_milters = inet:127.0.0.1:8892 inet:127.0.0.1:8893',
      'smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023',
    ].join('\n'),
  },
  { ...plain('relay', addresses.RELAY4), postfix: 'mynetworks = 0.0.0.0/0 [::]/0\ndefault_transport = discard:' },
]

/** What Dovecot 2.3 offers of the mechanisms that mailcheck speaks. */
export const mechanisms = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256', 'XOAUTH2', 'OAUTHBEARER']
