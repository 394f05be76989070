import type { AutoconfigPlace } from '../../probes/client-config.ts'
import type { AutoconfigProblemCode } from '../../syntax/autoconfig.ts'
import { defineCheck, fail, failureBehind, pass, type Evidence } from '../define.ts'
import { pageMessages, pageSeen, servedPage } from '../served-page.ts'
import { isConfigUnderDoubt, unseenPage } from './set-up-served.ts'

export default defineCheck({
  id: 'client-config/autoconfig-valid',
  title: 'The autoconfig file can be read, is for this domain, names servers to read and to send with, and comes over HTTPS',
  severity: 'warning',
  question: 'access',
  rfc: ['Autoconfig (draft-ietf-mailmaint-autoconfig)'],
  needs: ['clientConfig', 'clock'],
  over: ({ clientConfig: { autoconfig } }, { domain }) => (autoconfig.some(({ file, page }) => file !== null || isConfigUnderDoubt(page)) ? [{ name: domain }] : []),
  nothing: 'no autoconfig file is served',
  hidden: ({ clientConfig: { autoconfig }, clock: { now } }) => failureBehind(unseenPage(autoconfig.map(({ page }) => page), now)),
  judge({ name: domain }, { clientConfig: { autoconfig }, clock: { now } }) {
    const faulty = autoconfig.filter(place => faultOf(place, domain, now, 0))
    const faults = faulty.flatMap(place => faultOf(place, domain, now, faulty.length) ?? [])
    const [first] = faults
    return first ? { ...first, evidence: faults.flatMap(({ evidence }) => evidence) } : pass
  },
  messages: {
    failed: '{url}: is not well-formed XML (line {line}: {what})',
    'no-provider': '{url}: has no emailProvider element',
    'no-domain': '{url}: names no domain that it is for',
    'other-domain': '{url}: is for {domains}, not for {domain}',
    'no-incoming': '{url}: names no server to read mail with',
    'no-outgoing': '{url}: names no server to send mail with',
    'bad-hostname': '{url}: line {line} names the host "{what}", which is none',
    'bad-port': '{url}: line {line} names the port "{what}", which is none',
    'bad-socket-type': '{url}: line {line} has the socketType "{what}", which is none of SSL, STARTTLS and plain',
    'in-clear': '{url}: the file is served without TLS alone',
    untrusted: pageMessages.untrusted,
    'other-name': pageMessages['other-name'],
    expired: pageMessages.expired,
    'not-yet-valid': pageMessages['not-yet-valid'],
  },
  explain: `Mail programs pass over a file that they cannot read or believe, and people set up their accounts by hand. A file that
    comes without TLS can be changed on the way: then the password goes to whoever changed it.`,
  remedy({ name: domain }, _facts, { url }, _scope, code) {
    switch (code) {
      case 'in-clear': return { text: `Serve the same file at https://autoconfig.${domain}/mail/config-v1.1.xml, with a certificate for autoconfig.${domain}.` }
      case 'no-domain': case 'other-domain': return { text: `Add <domain>${domain}</domain> to the emailProvider element of ${String(url)}.` }
      case 'untrusted': case 'other-name': case 'expired': case 'not-yet-valid':
        return { text: `Install a certificate of a public authority for ${new URL(String(url)).hostname} on its web server.` }
      default: return { text: `Correct ${String(url)}; "mailcheck settings ${domain} --format autoconfig" writes a file with what works.` }
    }
  },
})

function faultOf({ place, page, file }: AutoconfigPlace, domain: string, now: string, count: number) {
  const { onward, ...asked } = page
  const final = onward ?? asked
  if (file === null && !isConfigUnderDoubt(page)) return null
  const { url } = asked
  const served = servedPage(final, now)
  if (served.state === 'faulty') {
    const { fault } = served
    switch (fault.code) {
      case 'untrusted': return fail('untrusted', { ...fault.args, count }, ...fault.evidence)
      case 'other-name': return fail('other-name', { ...fault.args, count }, ...fault.evidence)
      case 'expired': return fail('expired', { ...fault.args, count }, ...fault.evidence)
      case 'not-yet-valid': return fail('not-yet-valid', { ...fault.args, count }, ...fault.evidence)
    }
  }
  if (file === null) return null
  const seen = (line: string): Evidence => pageSeen(asked, line)
  const [problem] = file.problems
  if (problem) {
    const { code, what, line } = problem
    const shown = seen(`line ${line}: ${code === 'not-xml' ? what : elementLine(code, what)}`)
    switch (code) {
      case 'not-xml': return fail('failed', { url, line, what, count }, shown)
      case 'bad-hostname': return fail('bad-hostname', { url, line, what, count }, shown)
      case 'bad-port': return fail('bad-port', { url, line, what, count }, shown)
      case 'bad-socket-type': return fail('bad-socket-type', { url, line, what, count }, shown)
      case 'no-provider': return fail('no-provider', { url, count }, shown)
      case 'no-incoming': return fail('no-incoming', { url, count }, shown)
      case 'no-outgoing': return fail('no-outgoing', { url, count }, shown)
    }
  }
  // what a provider serves for all that it hosts names none of them
  if (place !== 'mx' && !file.domains.includes(domain)) {
    const domains = file.domains.slice(0, 10)
    return domains.length === 0
      ? fail('no-domain', { url, count }, seen('no domain element'))
      : fail('other-domain', { url, domains, domain, count }, ...domains.map(name => seen(`<domain>${name}</domain>`)))
  }
  return place === 'clear' ? fail('in-clear', { url, count }, seen(onward ? `redirects to ${onward.url}` : 'served over HTTP')) : null
}

function elementLine(code: AutoconfigProblemCode, what: string): string {
  const element = ({ 'bad-hostname': 'hostname', 'bad-port': 'port', 'bad-socket-type': 'socketType' } as Readonly<Partial<Record<AutoconfigProblemCode, string>>>)[code]
  return element === undefined ? `<${what}>` : `<${element}>${what}</${element}>`
}
