/** Dialogues that the tables of session checks share: what a server in order says, and the ways not to find out. */

export const smtp = `
  S: 220 mx1.example.com ESMTP
  C: EHLO probe.example.net
  S: 250-mx1.example.com
  S: 250-SIZE 20480000
  S: 250 STARTTLS
  C: STARTTLS
  S: 220 2.0.0 Ready
  * tls
  C: EHLO probe.example.net
  S: 250-mx1.example.com
  S: 250 AUTH PLAIN LOGIN`

/** In clear to the end; `extensions` are the lines of the reply to EHLO. */
export const smtpInClear = (...extensions: string[]): string => `
  S: 220 mx1.example.com ESMTP
  C: EHLO probe.example.net
  S: 250${extensions.length > 0 ? '-' : ' '}mx1.example.com
${extensions.map((line, i) => `  S: 250${i < extensions.length - 1 ? '-' : ' '}${line}`).join('\n')}`

/** Up to the reply to STARTTLS; what comes then is `rest`. */
export const smtpUpgrading = (reply: string, rest = ''): string => `${smtpInClear('STARTTLS')}
  C: STARTTLS
  S: ${reply}
  ${rest}`

export const submissions = `
  * tls
  S: 220 mail.example.com ESMTP
  C: EHLO probe.example.net
  S: 250-mail.example.com
  S: 250 AUTH PLAIN LOGIN`

export const imap = `
  S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready
  C: a1 CAPABILITY
  S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
  S: a1 OK done
  C: a2 STARTTLS
  S: a2 OK begin
  * tls
  C: a3 CAPABILITY
  S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
  S: a3 OK done`

export const imapInClear = (capabilities: string, greeting = '* OK ready'): string => `
  S: ${greeting}
  C: a1 CAPABILITY
  S: * CAPABILITY ${capabilities}
  S: a1 OK done`

export const imapUpgrading = (reply: string, rest = ''): string => `${imapInClear('IMAP4rev1 STARTTLS LOGINDISABLED')}
  C: a2 STARTTLS
  S: ${reply}
  ${rest}`

export const imaps = `
  * tls
  S: * OK ready
  C: a1 CAPABILITY
  S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
  S: a1 OK done`

export const pop3 = `
  S: +OK ready
  C: CAPA
  S: +OK
  S: UIDL
  S: STLS
  S: SASL
  S: .
  C: STLS
  S: +OK begin
  * tls
  C: CAPA
  S: +OK
  S: USER
  S: SASL PLAIN LOGIN
  S: .`

export const pop3InClear = (...capabilities: string[]): string => `
  S: +OK ready
  C: CAPA
  S: +OK
${capabilities.map(line => `  S: ${line}`).join('\n')}
  S: .`

export const pop3Upgrading = (reply: string, rest = ''): string => `${pop3InClear('UIDL', 'STLS')}
  C: STLS
  S: ${reply}
  ${rest}`

export const pop3s = `
  * tls
  S: +OK ready
  C: CAPA
  S: +OK
  S: USER
  S: .`

export const imapsListing = (capabilities: string, greeting = '* OK ready'): string => `
  * tls
${imapInClear(capabilities, greeting)}`

export const pop3sListing = (...capabilities: string[]): string => `
  * tls
${pop3InClear(...capabilities)}`
