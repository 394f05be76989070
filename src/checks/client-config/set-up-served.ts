import type { ClientConfigFacts } from '../../probes/client-config.ts'
import type { SetUpPage } from '../../probes/set-up-page.ts'
import { defineCheck, fail, passed, skip, type Evidence, type Unknown } from '../define.ts'
import { contextOf, ifReceiving } from '../receiving.ts'
import { pageSeen, servedPage } from '../served-page.ts'

/** What was found of one kind. */
type Found =
  | { readonly served: true; readonly evidence: readonly Evidence[] }
  | { readonly served: false; readonly because: Unknown | undefined; readonly evidence: readonly Evidence[] }

export default defineCheck({
  id: 'client-config/set-up-served',
  title: 'Set-up files for mail programs are served: autoconfig and autodiscover',
  severity: 'notice',
  question: 'access',
  rfc: ['Autoconfig (draft-ietf-mailmaint-autoconfig)', 'MS-OXDISCO'],
  needs: ['clientConfig', 'clock'],
  uses: ['contexts'],
  judge({ name: domain }, { clientConfig, clock: { now }, contexts }) {
    const receiving = contextOf(contexts, 'receiving')
    if (receiving.value === 'no') return skip('the domain takes no mail')
    if (!clientConfig.asked) return skip('the domain takes no mail')
    const kinds = { autoconfig: autoconfigServed(clientConfig, now), autodiscover: autodiscoverServed(clientConfig, now) }
    const missing = Object.entries(kinds).filter(([, found]) => !found.served)
    if (missing.length === 0) return passed(...kinds.autoconfig.evidence, ...kinds.autodiscover.evidence)
    for (const found of Object.values(kinds)) if (!found.served && found.because) return found.because
    const kind = missing.map(([name]) => name).join(' and no ')
    // several places may be on one host, which has no address but once
    const evidence = new Map(missing.flatMap(([, found]) => found.evidence).map(piece => [JSON.stringify(piece), piece])).values()
    return ifReceiving(receiving, fail('failed', { domain, kind }, ...evidence))
  },
  messages: {
    failed: '{domain} serves no {kind}',
  },
  explain: `With autoconfig, Thunderbird, K-9 and others set up an account from the address alone; with autodiscover, Outlook
    does. Programs that find neither guess host names and ports, or ask people for them.`,
  remedy({ name: domain }, _facts, { kind }) {
    const autoconfig = `Serve an autoconfig file at https://autoconfig.${domain}/mail/config-v1.1.xml ("mailcheck settings ${domain} --format autoconfig" writes one).`
    const autodiscover = `Answer posts to https://autodiscover.${domain}/autodiscover/autodiscover.xml, or name the host that does in an SRV record at _autodiscover._tcp.${domain}.`
    const kinds = String(kind)
    return { text: [...(kinds.includes('autoconfig') ? [autoconfig] : []), ...(kinds.includes('autodiscover') ? [autodiscover] : [])].join(' ') }
  },
})

/** A file with mistakes, or one that is served without TLS alone, has a check of its own. */
function autoconfigServed({ autoconfig }: ClientConfigFacts, now: string): Found {
  const place = autoconfig.find(({ file, page }) => file !== null || isConfigUnderDoubt(page))
  if (place) return { served: true, evidence: [pageSeen(place.page, place.page.onward ? `redirects to ${place.page.onward.url}` : 'an autoconfig file')] }
  return notServed(autoconfig.map(({ page }) => page), now)
}

/** Where the certificate is wrong, what lies there is an autoconfig file all the same. */
export function isConfigUnderDoubt({ onward, ...page }: SetUpPage): boolean {
  const { response } = onward ?? page
  return response !== null && 'value' in response && response.value.status === 200 && /<clientConfig[\s>]/i.test(response.value.body.slice(0, 4096))
}

/** It answers, or wants a login first, as Exchange does; or it shows where to ask. */
function autodiscoverServed({ autodiscover }: ClientConfigFacts, now: string): Found {
  for (const { page, place, response } of autodiscover) {
    const final = page.onward ?? page
    const status = final.response && 'value' in final.response ? final.response.value.status : 0
    const line = page.onward ? `redirects to ${page.onward.url}` : response ? 'an autodiscover response' : 'HTTP status 401'
    if (response || (status === 401 && (place !== 'clear' || page.onward))) return { served: true, evidence: [pageSeen(page, line)] }
  }
  return notServed(autodiscover.map(({ page }) => page), now)
}

/** Whatever could not be asked may be where it is. */
function notServed(pages: readonly SetUpPage[], now: string): Found {
  const answers = pages.map(({ onward, ...page }) => ({ page, served: servedPage(onward ?? page, now) }))
  const because = unseenPage(pages, now)
  const evidence = answers.flatMap(({ page, served }) => {
    switch (served.state) {
      case 'faulty': return [...served.fault.evidence]
      case 'served': return [pageSeen(page, 'a page of another kind')]
      case 'undecided': return []
    }
  })
  return { served: false, because, evidence }
}

/** Why a page may be there all the same, although none was seen. */
export function unseenPage(pages: readonly SetUpPage[], now: string): Unknown | undefined {
  return pages.flatMap(({ onward, ...page }) => {
    const served = servedPage(onward ?? page, now)
    return served.state === 'undecided' ? [served.because] : []
  })[0]
}
