/** Pages with which the tables of client-config checks are set up. */
export const autoconfigUrl = 'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=postmaster%40example.com'
export const wellKnownUrl = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml'
export const clearUrl = 'http://autoconfig.example.com/mail/config-v1.1.xml'
export const autodiscoverUrl = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'

/** `imap mail.example.com 993 SSL` for each server. */
export function autoconfig(servers: readonly string[], domain = 'example.com'): string {
  const elements = servers.map(text => {
    const [type = '', host = '', port = '', socketType = ''] = text.split(' ')
    const element = type === 'smtp' ? 'outgoingServer' : 'incomingServer'
    return `<${element} type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socketType}</socketType></${element}>`
  })
  return `<?xml version="1.0"?>\n<clientConfig version="1.1">\n<emailProvider id="${domain}">\n<domain>${domain}</domain>\n${elements.join('\n')}\n</emailProvider>\n</clientConfig>\n`
}

/** `IMAP mail.example.com 993` for each server. */
export function autodiscover(...servers: readonly string[]): string {
  const protocols = servers.map(text => {
    const [type = '', host = '', port = ''] = text.split(' ')
    return `<Protocol><Type>${type}</Type><Server>${host}</Server><Port>${port}</Port></Protocol>`
  })
  return `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response><Account>${protocols.join('')}</Account></Response></Autodiscover>`
}

/** Hosts that web servers answer for, and a domain that takes mail. */
export const hosts = `
  example.com MX 10 mx.example.com
  example.com A 192.0.2.80
  mx.example.com A 192.0.2.25
  autoconfig.example.com A 192.0.2.81
  autodiscover.example.com A 192.0.2.82
  mail.example.com A 192.0.2.5`
