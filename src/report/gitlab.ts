/**
 * GitLab's code quality report: a list of problems, each with a place in a file. A check of live DNS has none, so the domain
 * stands in the place of the path. What could not be tested is "info", one entry for each reason.
 */
import type { Severity } from '../checks/define.ts'
import { fingerprint } from '../syntax/fingerprint.ts'
import { stringify } from './json.ts'
import type { Pieces } from './pieces.ts'
import { untested, untestedLine } from './undecided.ts'
import { identityOf, type DomainVerdicts, type JudgedFinding, type Place } from './verdicts.ts'
import { harmless } from './visible.ts'
import { shortened } from './wrap.ts'

const severities: Readonly<Record<Severity, string>> = { critical: 'critical', error: 'major', warning: 'minor', notice: 'info' }

export function gitlab(): Pieces {
  let written = 0
  return {
    open: '[',
    item: verdicts => entries(verdicts).map(entry => `${written++ === 0 ? '' : ','}\n  ${stringify(entry, 2).replaceAll('\n', '\n  ')}`).join(''),
    close: () => (written === 0 ? ']\n' : '\n]\n'),
  }
}

function entries({ report, verdicts, notes = [] }: DomainVerdicts): object[] {
  const { domain } = report
  const told = verdicts.filter(({ state }) => state !== 'absent')
  return [
    ...told.filter(({ finding }) => finding.verdict === 'fail').map(judged => failure(judged, domain)),
    ...untested(told.map(({ finding }) => finding)).map(reason => ({
      description: `${domain}: ${untestedLine(reason)}`,
      check_name: reason.code,
      fingerprint: fingerprint(domain, reason.code),
      severity: 'info',
      location: { path: domain, lines: { begin: 1 } },
    })),
    ...notes.map(({ place, message, grave }) => ({
      description: shortened(harmless(message)),
      check_name: 'planned-records',
      fingerprint: fingerprint(domain, place?.file ?? '', message),
      severity: grave ? 'minor' : 'info',
      location: located(place ?? undefined, domain),
    })),
  ]
}

function failure({ finding, places: [place], excuse }: JudgedFinding, domain: string): object {
  return {
    description: shortened(excuse ? `${excuse.because}: ${finding.message}` : finding.message),
    check_name: finding.check,
    fingerprint: identityOf(finding),
    severity: excuse ? 'info' : severities[finding.severity],
    location: located(place, domain),
  }
}

function located(place: Place | undefined, domain: string): object {
  return { path: place?.file.replace(/^\.\//, '') ?? domain, lines: { begin: place?.line ?? 1 } }
}
