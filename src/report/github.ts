/**
 * GitHub's workflow commands: a line `::error file=…,line=…,title=…::text` for each failure, which GitHub shows at the line
 * of the file it names. What could not be tested is a notice at most, one for each reason. (GitHub shows ten annotations of
 * each kind for a step; the log has them all.)
 */
import type { Severity } from '../checks/define.ts'
import type { Pieces } from './pieces.ts'
import { untested, untestedLine } from './undecided.ts'
import type { DomainVerdicts, JudgedFinding, Place } from './verdicts.ts'
import { harmless, visible } from './visible.ts'
import { waiverLine } from './waivers.ts'
import { shortened } from './wrap.ts'

const commands: Readonly<Record<Severity, string>> = { critical: 'error', error: 'error', warning: 'warning', notice: 'notice' }

export const github: Pieces = { open: '', item: renderAnnotations, close: () => '' }

function renderAnnotations({ report, verdicts, notes = [] }: DomainVerdicts): string {
  const told = verdicts.filter(({ state }) => state !== 'absent')
  const failures = told.filter(({ finding }) => finding.verdict === 'fail').map(renderFailure)
  const unknowns = untested(told.map(({ finding }) => finding))
    .map(reason => command('notice', { title: `${report.domain}: ${reason.code}` }, `${report.domain}: ${untestedLine(reason)}`))
  const expired = (report.waivers ?? []).filter(({ state, findings }) => state === 'expired' && findings > 0).map(use => {
    const [, file = '', line = '1'] = /^(.*):(\d+):\d+$/.exec(use.at) ?? []
    return command('warning', { ...file === '' ? {} : { file, line }, title: `${report.domain}: waiver expired` }, harmless(waiverLine(use)))
  })
  const remarks = notes.map(({ place, message, grave }) =>
    command(grave ? 'warning' : 'notice', { ...place ? placed(place) : {}, title: `${report.domain}: planned records` }, harmless(message)))
  return [...failures, ...expired, ...remarks, ...unknowns].map(line => `${line}\n`).join('')
}

function renderFailure({ finding, places: [place], excuse }: JudgedFinding): string {
  const { check, domain, remedy, severity, subject } = finding
  const message = shortened(finding.message)
  const about = subject === domain ? domain : `${domain}, ${visible(subject)}`
  const properties = {
    ...place ? placed(place) : {},
    title: `${check} (${about})`,
  }
  const records = remedy?.records?.set?.map(record => `publish: ${harmless(record)}`) ?? []
  const text = [message, ...remedy ? [harmless(remedy.text.replace(/\s+/g, ' '))] : [], ...records].join('\n')
  return excuse ? command('notice', properties, `${excuse.because}: ${message}`) : command(commands[severity], properties, text)
}

function placed({ file, line, column }: Place): Record<string, string | number> {
  return { file, line, ...column === undefined ? {} : { col: column } }
}

function command(name: string, properties: Readonly<Record<string, string | number>>, text: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',')
  return `::${name} ${list}::${escapeData(text)}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
