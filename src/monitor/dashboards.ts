/** The dashboards that `mailcheck dashboards` writes, by file name. */
import { certificates } from './dashboard-certificates.ts'
import { domain } from './dashboard-domain.ts'
import { fleet } from './dashboard-fleet.ts'
import { mail } from './dashboard-mail.ts'
import { sessions } from './dashboard-sessions.ts'
import { renderDashboard, type Dashboard } from './panel.ts'

export const dashboards: readonly Dashboard[] = [fleet, domain, certificates, sessions, mail]

/** `mailcheck-fleet.json` and its text. */
export function dashboardFiles(): { readonly name: string; readonly text: string }[] {
  return dashboards.map(dashboard => ({ name: `${dashboard.uid}.json`, text: `${JSON.stringify(renderDashboard(dashboard), null, 2)}\n` }))
}
