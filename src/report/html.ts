/**
 * One report as a page of its own: the four answers first; then what fails, with the value seen, why it matters and what to
 * publish; then what could not be tested and why; then the settings and endpoints; what holds is folded. No script is needed,
 * and colour never says anything that words do not.
 */
import { questions, severities, type Check, type Question } from '../checks/define.ts'
import { endpointRows } from './endpoints.ts'
import { groupBy } from './group.ts'
import { renderFailure, anchorOf, severityBadge } from './html-failures.ts'
import { html, type Content, type Markup } from './markup.ts'
import { htmlPage } from './page.ts'
import type { RequirementResult } from './profile.ts'
import type { QuestionAnswer, Report, ReportedFinding } from './report.ts'
import { mailSettings, type MailSetting } from './settings.ts'
import { profileCount, requirementMarks, requirementReason } from './text-profile.ts'
import { methodNames, protocolNames, securityNames } from './text-settings.ts'
import { topicOf, topicTitle } from './topics.ts'
import { perTopic, skippedBecause, untested } from './undecided.ts'
import { excuseOf } from './verdicts.ts'
import { tlsDetails } from './tls-details.ts'
import { visible } from './visible.ts'
import { waiverLine } from './waivers.ts'
import { shortened } from './wrap.ts'

export interface HtmlOptions {
  /** Where the reasons and references of the checks are taken from. */
  readonly checks: readonly Check[]
  /** Stands above the report, such as a way back to the page that led here. */
  readonly before?: Content
}

/** A whole document. */
export function renderHtml(report: Report, { checks, before }: HtmlOptions): string {
  return htmlPage(`${report.shownAs}: mail check`, html`${before}${renderReport(report, checks)}`)
}

/** Several reports in one document, one after the other. */
export function renderHtmlReports(reports: readonly Report[], { checks, before }: HtmlOptions): string {
  const [only] = reports
  if (only && reports.length === 1) return renderHtml(only, { checks, before })
  return htmlPage(`${reports.length} mail checks`, html`${before}${reports.map(report => renderReport(report, checks))}`)
}

function renderReport(report: Report, checks: readonly Check[]): Markup {
  const byId = new Map(checks.map(check => [check.id as string, check]))
  return html`${renderTitle(report)}
<main>
${renderAnswers(report)}
${renderFailures(report, byId)}
${renderExcused(report)}${renderProfile(report)}
${renderUntested(report)}
${renderSettings(report)}
${renderEndpoints(report)}
${renderRest(report, byId)}
</main>`
}

function renderTitle({ domain, shownAs, startedAt, mailcheck, vantage }: Report): Markup {
  const name = shownAs.toLowerCase() === domain ? shownAs : `${shownAs} (${domain})`
  return html`<header>
<h1>${name}</h1>
<p class="faint">checked <time datetime="${startedAt}">${startedAt.slice(0, 10)} ${startedAt.slice(11, 16)} UTC</time>, mailcheck ${mailcheck}</p>
${vantage.map(line => html`<p class="caution">${line}</p>\n`)}</header>`
}

const marks: Readonly<Record<QuestionAnswer['answer'], string>> = { yes: '✓', partly: '!', no: '✗', unknown: '?' }
const mostLinks = 12

/** All four, unless `--only` and `--skip` leave some of them without a check. */
function renderAnswers(report: Report): Content {
  const asked = (Object.entries(questions) as [Question, string][]).filter(([id]) => report.findings.some(({ question }) => question === id))
  if (asked.length === 0) return null
  const cards = asked.map(([question, text]) => {
    const { answer, summary } = report.questions[question]
    const failed = report.findings.filter(finding => finding.verdict === 'fail' && finding.question === question && excuseOf(finding) === null)
    const checks = [...new Set(severities.flatMap(severity => failed.filter(finding => finding.severity === severity)).map(({ check }) => check))]
    const links = checks.slice(0, mostLinks).map(check => html`<li><a href="#${anchorOf(report, check)}">${check}</a></li>`)
    const more = checks.length > mostLinks ? html`<li>and ${checks.length - mostLinks} more</li>` : null
    return html`<li class="${answer}"><h3>${text}</h3><p>${answerLine(answer, summary)}</p>${links.length > 0 && html`<ul>${links}${more}</ul>`}</li>\n`
  })
  return html`<ul class="cards" aria-label="The four questions">\n${cards}</ul>`
}

/** Marks the word before the colon: "Partly: 1 error". */
function answerLine(answer: QuestionAnswer['answer'], summary: string): Markup {
  const word = /^[A-Z][a-z ]+(?=[:,])/.exec(summary)?.[0] ?? ''
  return html`<span class="badge ${answer}"><span aria-hidden="true">${marks[answer]} </span>${word}</span>${shortened(summary.slice(word.length))}`
}

const severityTitles = { critical: 'Critical', error: 'Errors', warning: 'Warnings', notice: 'Notices' } as const

function renderFailures(report: Report, checks: ReadonlyMap<string, Check>): Content {
  const all = report.findings.filter(({ verdict }) => verdict === 'fail')
  if (all.length === 0) return report.counts.pass > 0 ? html`<p class="ok badge">✓ Nothing fails.</p>` : null
  const failed = all.filter(finding => excuseOf(finding) === null)
  if (failed.length === 0) return html`<p class="ok badge">✓ Nothing fails but what is waived or known.</p>`
  return severities.map(severity => {
    const own = failed.filter(finding => finding.severity === severity)
    if (own.length === 0) return null
    const articles = [...groupBy(own, ({ check }) => check)].map(([id, group]) => renderFailure(report, group, checks.get(id)))
    return html`<section>\n<h2>${severityBadge(severity)} ${severityTitles[severity]} (${own.length})</h2>\n${articles}</section>\n`
  })
}

function renderUntested({ findings }: Report): Content {
  const groups = untested(findings)
  if (groups.length === 0) return null
  const items = groups.map(({ because, concerned, details, more }) => html`<article>
<h3>${because}</h3>
<p>${concerned}</p>
${details.length > 0 && html`<pre>${details.map((detail, i) => [i > 0 && html`\n`, shortened(visible(detail))])}${more > 0 && html`\nand ${more} more`}</pre>`}
</article>\n`)
  return html`<section>
<h2><span class="unknown" aria-hidden="true">?</span> Could not be tested (${findings.filter(({ verdict }) => verdict === 'unknown').length})</h2>
<p class="faint">This says nothing good or bad of the domain.</p>
${items}</section>`
}

function renderSettings(report: Report): Content {
  const { reading, sending, advice } = mailSettings(report)
  if (reading.length + sending.length === 0) return null
  const row = (use: string) => ({ protocol, host, port, security, authentication }: MailSetting): Markup => tableRow(
    columns, [use, protocolNames[protocol], visible(host), String(port), securityNames[security], authentication.map(method => methodNames[method]).join(' or ')])
  const columns = ['Use', 'Protocol', 'Server', 'Port', 'Security', 'Login']
  return html`<section>
<h2>Settings for mail programs</h2>
<p>User name: the whole address, as in name@${visible(report.domain)}; if that is refused, the part before the @. The best comes first.</p>
${table(columns, [...reading.map(row('to read mail')), ...sending.map(row('to send mail'))])}
${advice.map(text => html`<p>${text}</p>\n`)}</section>`
}

function renderEndpoints(report: Report): Content {
  const rows = endpointRows(report)
  if (rows.length === 0) return null
  const columns = ['Service', 'Host', 'Address', 'Port', 'TLS', 'Certificate until', 'Login mechanisms']
  return html`<details>
<summary>Endpoints (${rows.length})</summary>
${table(columns, rows.map(({ service, host, address, port, tls, until, mechanisms }) => tableRow(columns, [service, host, address, String(port), tls, until, mechanisms.join(' ')])))}
${tlsDetails(report.facts).map(({ hosts, told }) => html`<p>TLS of ${hosts.join(', ')}: ${told.join('; ')}</p>
`)}</details>`
}

function table(columns: readonly string[], rows: readonly Markup[]): Markup {
  return html`<table>
<thead><tr>${columns.map(column => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>`
}

function tableRow(columns: readonly string[], cells: readonly string[]): Markup {
  return html`<tr>${cells.map((cell, i) => html`<td data-column="${columns[i]}">${cell}</td>`)}</tr>\n`
}

/** What somebody answers for, or was there before, folded: it is not news. */
function renderExcused({ findings, waivers = [] }: Report): Content {
  const excused = findings.flatMap(finding => {
    const excuse = finding.verdict === 'fail' ? excuseOf(finding) : null
    return excuse === null ? [] : [{ finding, excuse }]
  })
  const over = waivers.filter(({ state, findings: covered }) => state === 'expired' && covered > 0)
  return html`${over.map(waiver => html`<p class="caution">Expired waiver: ${shortened(waiverLine(waiver))}</p>\n`)}${excused.length > 0 && html`<details>
<summary>Known or waived (${excused.length})</summary>
<ul>
${excused.map(({ finding, excuse }) => html`<li>${finding.severity}: ${shortened(finding.message)} <span class="faint">(${finding.check}; ${shortened(excuse.because)})</span></li>\n`)}</ul>
</details>
`}`
}

const requirementColours: Readonly<Record<RequirementResult['state'], string>> = {
  met: 'ok', 'not-met': 'error', unknown: 'unknown', 'not-applicable': 'faint', 'not-judged': 'faint',
}

/** The requirements by the measure of somebody else, folded below what the catalogue says. */
function renderProfile({ profile }: Report): Content {
  if (!profile) return null
  const source = [profile.source.title, profile.source.date].filter(text => text !== '').join(', ')
  return html`<details>
<summary>Profile ${profile.name}: ${profileCount(profile)}</summary>
<p>${profile.title}${source !== '' && html` <span class="faint">(${source})</span>`}</p>
<ul>
${profile.requirements.map(requirement => html`<li><span class="${requirementColours[requirement.state]}">${requirementMarks[requirement.state][1]}</span>: ${shortened(requirement.text)} <span class="faint">(${requirement.level}${requirement.where !== '' && `, ${requirement.where}`})</span>${shortened(requirementReason(requirement))}</li>\n`)}</ul>
</details>
`
}

const mostSubjects = 20

function renderRest({ findings, facts }: Report, checks: ReadonlyMap<string, Check>): Content {
  const passed = findings.filter(({ verdict }) => verdict === 'pass')
  const topics = [...groupBy(passed, ({ check }) => topicOf(check))].map(([topic, own]) => html`<h3>${topicTitle(topic)}</h3>
<ul>
${[...groupBy(own, ({ check }) => check)].map(([id, group]) => html`<li>${checks.get(id)?.title ?? id} <span class="faint">(${id}; ${subjects(group)})</span></li>\n`)}</ul>
`)
  const skipped = findings.filter(({ verdict }) => verdict === 'skip').length
  return html`${passed.length > 0 && html`<details>
<summary>Passed (${passed.length}): ${perTopic(passed)}</summary>
${topics}</details>
`}${skipped > 0 && html`<details>
<summary>Skipped (${skipped})</summary>
<p>${shortened(skippedBecause({ findings, facts }))}</p>
</details>`}`
}

function subjects(findings: readonly ReportedFinding[]): string {
  const names = [...new Set(findings.map(({ subject }) => visible(subject)))]
  return names.length > mostSubjects ? `${names.slice(0, mostSubjects).join(', ')} and ${names.length - mostSubjects} more` : names.join(', ')
}
