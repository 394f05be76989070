/** The dialogues of a run as text: what was said to whom, for `debug=true`. */
import type { ServiceSession } from '../probes/session.ts'
import type { Report } from '../report/report.ts'
import { visible } from '../report/visible.ts'
import { factsBySubject } from './report-facts.ts'

export function transcriptText(report: Pick<Report, 'facts'>): string {
  const sessions = [...factsBySubject<ServiceSession>(report, 'smtp'), ...factsBySubject<ServiceSession>(report, 'service')]
  return sessions.map(([name, { transcript }]) =>
    `Session ${visible(name)}:\n${transcript.map(({ from, line, at }) => `${String(Math.round(at)).padStart(6)} ms ${from}: ${visible(line)}\n`).join('')}`).join('\n')
}
