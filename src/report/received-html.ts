/** Received reports as a page. */
import type { Check } from '../checks/define.ts'
import type { ReportDigest } from '../evaluate/report-digest.ts'
import { groupBy } from './group.ts'
import { renderFailure } from './html-failures.ts'
import { html, type Content } from './markup.ts'
import { htmlPage } from './page.ts'
import { coverage, grouped, placeOf, placesRead, plural, share, sourceWords, stricterWords, type ReceivedDomain, type ReceivedPage } from './received.ts'

const mostSources = 1000
const mostLines = 100

export function renderReceivedHtml({ domains, domainsOmitted, read, setAside }: ReceivedPage, checks: readonly Check[]): string {
  const [only] = domains
  const title = domains.length === 1 && only ? `What others report of ${only.digest.domain}` : 'What others report'
  return htmlPage(title, html`<h1>${title}</h1>
<p class="faint">${plural(read.reports, 'report')} in ${placesRead(read)}${read.duplicates > 0 && `; ${grouped(read.duplicates)} more were known already and do not count again`}</p>
${domains.map(domain => renderDomain(domain, checks))}${domainsOmitted > 0 && html`<p>and ${plural(domainsOmitted, 'further domain')}</p>\n`}${
  setAside.length > 0 && html`<h2>Set aside (${grouped(setAside.length)})</h2>
<ul>${setAside.map(one => html`<li><code>${placeOf(one)}</code>: ${one.reason}</li>`)}</ul>
`}`)
}

function renderDomain({ digest, report }: ReceivedDomain, checks: readonly Check[]): Content {
  const { domain, messages: { total, pass, fail, spf, dkim, quarantined, rejected } } = digest
  const failed = groupBy(report.findings.filter(({ verdict }) => verdict === 'fail'), ({ check }) => check)
  return html`<h2>${domain}</h2>
<p>${coverage(digest)}</p>
${total > 0 && html`<p>${plural(total, 'message')}: ${grouped(pass)} pass DMARC (${share(pass, total)}), ${grouped(fail)} fail (${share(fail, total)}); ${grouped(quarantined)} put aside, ${grouped(rejected)} refused.
Aligned: SPF ${grouped(spf)}, DKIM ${grouped(dkim)}.</p>
<p>${stricterWords(digest)}</p>
`}${[...failed].map(([id, findings]) => renderFailure(report, findings, checks.find(check => check.id === id)))}${renderSources({ digest, report })}${renderTls(digest)}${renderReports(digest)}`
}

function renderSources({ digest: { sources, sourcesOmitted, domain } }: ReceivedDomain): Content {
  return sources.length > 0 && html`<table><caption><h3>Sources (${grouped(sources.length + sourcesOmitted)})</h3></caption>
<thead><tr>${['Source', 'Messages', 'Pass', 'SPF', 'DKIM', 'Seen'].map(title => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${sources.slice(0, mostSources).map(source => {
  const [address = '', ...words] = sourceWords(source, domain)
  return html`<tr><th scope="row">${address}${words.length > 0 && html`<br><span class="faint">${words.join(', ')}</span>`}</th><td data-column="Messages">${grouped(source.total)}</td><td data-column="Pass">${
    share(source.pass, source.total)}</td><td data-column="SPF">${grouped(source.spf)}</td><td data-column="DKIM">${grouped(source.dkim)}</td><td data-column="Seen">${
    source.first === source.last ? source.first : `${source.first} to ${source.last}`}</td></tr>
`
})}</tbody></table>
`
}

function renderTls({ tls: { reports, success, failure, failures } }: ReportDigest): Content {
  return reports > 0 && html`<h3>TLS</h3>
<p>${plural(success, 'session')} in order, ${grouped(failure)} failed</p>
${failures.length > 0 && html`<table><thead><tr>${['Host', 'Failure', 'Sessions', 'Reported by'].map(title => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${failures.slice(0, mostLines).map(({ host, type, count, receivers, reason }) => html`<tr><th scope="row">${host}</th><td data-column="Failure">${type}${reason !== null && html`<br><span class="faint">${reason}</span>`}</td><td data-column="Sessions">${
    grouped(count)}</td><td data-column="Reported by">${receivers.slice(0, 5).join(', ')}</td></tr>
`)}</tbody></table>
`}`
}

function renderReports({ failures: { reports, latest } }: ReportDigest): Content {
  return reports > 0 && html`<h3>Failure reports (${grouped(reports)})</h3>
<ul>${latest.slice(0, mostLines).map(({ at, type, failure, source, result, org }) => html`<li>${at === null ? 'no date' : new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')}: ${type}${
    failure !== null && ` (${failure})`} from ${source ?? 'an address that is not told'}${result !== null && `, ${result}`}, by ${org}</li>`)}</ul>
`
}
