/**
 * The whole of it, with the programs that people run: Prometheus scrapes the service, Alertmanager tells of what breaks and
 * of what is mended, every query of every dashboard and rule finds its series, and Chromium shows the pages.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { checks } from '../../src/checks/index.ts'
import { parseConfig } from '../../src/config.ts'
import { alertGroups, type AlertOptions } from '../../src/monitor/alerts.ts'
import { alertName } from '../../src/monitor/check-alerts.ts'
import { intervalsOf } from '../../src/monitor/check-intervals.ts'
import { dashboards } from '../../src/monitor/dashboards.ts'
import { selectors } from '../monitor/promql.ts'
import { receiveNotifications, type Notifications } from './notifications.ts'
import { promtool, start, until, type Running } from './programs.ts'
import { startWatchedService, type WatchedService } from './watched-service.ts'
import { own, script } from './worlds.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mailcheck-monitor-'))
const rulesFile = join(folder, 'rules.yml')
const running: { close(): Promise<void> }[] = []
let watched: WatchedService
let notifications: Notifications
let prometheus: Running
let options: AlertOptions

beforeAll(async () => {
  watched = keep(await startWatchedService('good.example', 'parked.example'))
  notifications = keep(await receiveNotifications())
  options = { checks, least: 'notice', intervalOf: intervalsOf(watched.modules), url: watched.server.url }
  writeFileSync(rulesFile, stringify({ groups: alertGroups(options) }, { lineWidth: 0 }))
  const told = join(folder, 'alertmanager.yml')
  writeFileSync(told, stringify({
    route: { receiver: 'us', group_by: ['alertname', 'domain'], group_wait: '0s', group_interval: '1s', repeat_interval: '1h' },
    receivers: [{ name: 'us', webhook_configs: [{ url: notifications.url, send_resolved: true }] }],
  }))
  const alertmanager = keep(await start('prometheus-alertmanager', port => [
    `--config.file=${told}`, `--storage.path=${join(folder, 'alertmanager')}`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address=',
  ], '/-/ready'))
  const scraped = join(folder, 'prometheus.yml')
  writeFileSync(scraped, stringify(prometheusConfiguration(watched.server.url, alertmanager.url)))
  prometheus = keep(await start('prometheus', port => [
    `--config.file=${scraped}`, `--storage.tsdb.path=${join(folder, 'prometheus')}`, `--web.listen-address=127.0.0.1:${port}`,
  ], '/-/ready'))
})

afterAll(async () => {
  for (const one of running.toReversed()) await one.close()
  rmSync(folder, { recursive: true, force: true })
})

function keep<T extends { close(): Promise<void> }>(one: T): T {
  running.push(one)
  return one
}

/** As the README has it, but for seconds in place of minutes. */
function prometheusConfiguration(service: string, alertmanager: string): object {
  const address = new URL(service).host
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [rulesFile],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager).host] }] }] },
    scrape_configs: [
      { job_name: 'mailcheck', static_configs: [{ targets: [address] }] },
      {
        job_name: 'mailcheck-probe', metrics_path: '/probe', params: { module: ['dns'] }, scrape_interval: '5s', scrape_timeout: '4s',
        http_sd_configs: [{ url: `${service}/sd`, refresh_interval: '5s' }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' }, { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: address },
        ],
      },
    ],
  }
}

interface Answer { readonly status: string; readonly error?: string; readonly data?: { readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value?: readonly [number, string] }[] } }

async function ask(expr: string): Promise<NonNullable<Answer['data']>['result']> {
  const answer = await (await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expr)}`)).json() as Answer
  if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`)
  return answer.data?.result ?? []
}

async function text(path: string): Promise<string> {
  return (await fetch(`${watched.server.url}${path}`)).text()
}

describe('promtool', () => {
  test('finds no fault with what the commands print, and the tests that they print pass', async () => {
    const mailcheck = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [join(root, 'bin/mailcheck.js'), ...args], { cwd: folder, maxBuffer: 1 << 24 })).stdout
    const [rules, tests] = [join(folder, 'mailcheck-alerts.yml'), join(folder, 'mailcheck-alerts-test.yml')]
    writeFileSync(rules, await mailcheck('alerts', '--url', 'https://mail.example.net/'))
    writeFileSync(tests, await mailcheck('alerts', '--url', 'https://mail.example.net/', '--test'))
    expect(await promtool(['check', 'rules', rules, rulesFile])).toMatch(/SUCCESS[^]*SUCCESS/)
    expect(await promtool(['test', 'rules', tests])).toContain('SUCCESS')
  })

  test('finds no fault with the configuration in the README, nor does amtool', async () => {
    const section = /^## Dashboards and alerts\n([^]*?)^## /m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? ''
    const block = (name: string): string => new RegExp(`\`${name}\`[^\`]*?(?:\`[^\`\\n]+\`[^\`]*?)*\`\`\`yaml\\n([^]*?)\`\`\``).exec(section)?.[1] ?? ''
    const [configuration, alerting] = [join(folder, 'readme-prometheus.yml'), join(folder, 'readme-alertmanager.yml')]
    writeFileSync(configuration, block('prometheus.yml'))
    writeFileSync(alerting, block('alertmanager.yml'))
    expect(await promtool(['check', 'config', configuration])).toContain('SUCCESS')
    expect((await promisify(execFile)('amtool', ['check-config', alerting])).stdout).toContain('SUCCESS')
    const { domains, modules } = parseConfig(block('mailcheck.yaml'), 'mailcheck.yaml')
    expect([...domains.keys()]).toEqual(['good.example', 'tls-expired.example', 'faulty.example'])
    expect(modules).toEqual({ all: { interval: '20s' } })
  })

  test('finds no fault with the metrics of the service, nor with those of a probe', async () => {
    await until(() => watched.service.statuses().every(({ lastRun }) => lastRun !== null), 'every target was run')
    expect(await promtool(['check', 'metrics'], await text('/metrics'))).toBe('')
    expect(await promtool(['check', 'metrics'], await text('/probe?target=good.example'))).toBe('')
  })
})

const expired = [alertName('tls/certificate-in-date'), 'swapped.example'] as const
const gone = [alertName('smtp/some-host-answers'), 'closing.example'] as const

describe('Prometheus and Alertmanager', () => {
  test('nothing is told of domains in order', async () => {
    await until(async () => (await ask('mailcheck_run_timestamp_seconds{job="mailcheck"}')).length >= watched.domains.length * 2, 'Prometheus has scraped every target')
    const grave = notifications.told.filter(({ labels: { severity = '', domain = '' } }) =>
      /critical|error/.test(severity) && ['steady.example', 'good.example', 'parked.example'].includes(domain))
    // its address is on a block list
    expect(grave.map(({ labels: { alertname, domain } }) => `${alertname} ${domain}`).filter(line => !/AddressUnlisted/.test(line))).toEqual([])
  })

  test('an expired certificate and a closed port are told of, and the text leads to the report', async () => {
    watched.worlds.break(true)
    const [ended, closed] = await Promise.all([notifications.heard('firing', ...expired), notifications.heard('firing', ...gone)])
    expect(ended.labels).toMatchObject({ severity: 'critical', check: 'tls/certificate-in-date', question: 'access' })
    expect(ended.annotations['description']).toMatch(/Seen at .*mail\.swapped\.example\[11\.90\.2\.143\]:993/)
    expect(ended.annotations['report']).toBe(`${watched.server.url}/report/swapped.example`)
    expect(closed.labels).toMatchObject({ severity: 'critical', check: 'smtp/some-host-answers', question: 'receive' })
    expect(closed.annotations['runbook']).toContain('smtp/some-host-answers')
  })

  test('every query of every panel finds data', async () => {
    const queries = dashboards.flatMap(({ title, panels }) => panels.flatMap(panel => (typeof panel === 'string' ? [] : panel.targets.map(({ expr }) => ({ title, panel: panel.title, expr })))))
    expect(queries.length).toBeGreaterThan(60)
    const domain = (title: string): string => (title.endsWith('one domain') ? 'good.example' : '.*')
    const empty: string[] = []
    for (const { title, panel, expr } of queries) {
      const filled = expr.replaceAll('$__rate_interval', '30s').replaceAll('$domain', domain(title)).replaceAll('$service', '.*').replaceAll('$route', '.*')
      const found = await ask(filled)
      if (filled.includes('mailcheck_domain_registration_')) continue // nobody permits that the registries be asked: it can be evaluated, and that is all
      // what is only there when something is wrong is there for a domain with which something is
      const elsewhere = found.length === 0 && filled.includes('good.example') ? (await Promise.all(own.map(one => ask(filled.replaceAll('good.example', one))))).flat() : []
      if (found.length + elsewhere.length === 0) empty.push(`${title}, ${panel}: ${filled}`)
    }
    expect(empty).toEqual([])
  })

  test('every series that a rule speaks of is there, and every rule can be evaluated', async () => {
    const { data } = await (await fetch(`${prometheus.url}/api/v1/rules`)).json() as { data: { groups: { rules: { name: string; query: string; health: string; lastError?: string }[] }[] } }
    const loaded = data.groups.flatMap(({ rules }) => rules)
    expect(loaded.length).toBe(alertGroups(options).flatMap(({ rules }) => rules).length)
    expect(loaded.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `${name}: ${lastError}`)).toEqual([])
    const spoken = new Set(alertGroups(options).flatMap(({ rules }) => rules.flatMap(({ expr }) => selectors(expr))))
    const missing: string[] = []
    for (const selector of spoken) {
      // a verdict is there when a check fails, or is waived: what is always there is the check
      const [, failing, check = failing] = /^mailcheck_check_(?:state\{check="([^"]+)",state="fail"\}|waived\{check="([^"]+)"\})$/.exec(selector) ?? []
      // and a reason, when something could not be tested
      const always = check === undefined ? selector.replace(/^mailcheck_unknown\{.*\}$/, 'mailcheck_unknown') : `mailcheck_check_info{check="${check}"}`
      if ((await ask(always)).length === 0) missing.push(selector)
    }
    expect(missing).toEqual([])
    expect((await ask('count(mailcheck_check_state{state="fail"})')).length).toBe(1)
  })

  test('what is mended is told of as well', async () => {
    watched.worlds.break(false)
    await Promise.all([notifications.heard('resolved', ...expired), notifications.heard('resolved', ...gone)])
  })
})

describe('Chromium', () => {
  test('shows the status page and the reports, and runs nothing that came from outside', async () => {
    const output = join(root, 'test', 'output', 'monitor')
    mkdirSync(output, { recursive: true })
    const profile = mkdtempSync(join(folder, 'chromium-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium', headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    })
    try {
      const page = await context.newPage()
      const heard: string[] = []
      page.on('console', message => heard.push(`${message.type()}: ${message.text()}`))
      page.on('pageerror', error => heard.push(error.message))
      page.on('dialog', dialog => {
        heard.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      const requested: string[] = []
      page.on('request', request => requested.push(request.url()))
      const paths = { status: '/', hostile: '/report/hostile.example', good: '/report/good.example', swapped: '/report/swapped.example' }
      for (const [name, path] of Object.entries(paths)) {
        for (const [look, colorScheme, width] of [['light', 'light', 1000], ['phone', 'dark', 390]] as const) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 844 })
          await page.goto(`${watched.server.url}${path}`)
          await page.screenshot({ path: join(output, `${name}-${look}.png`), fullPage: true })
          expect(await page.title(), path).toMatch(name === 'status' ? /^mailcheck$/ : /: mail check$/)
          expect(await page.locator('script, img, iframe, [onerror]').count(), path).toBe(0)
          // nothing hangs over the edge of the screen
          expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), `${path} at ${width}`).toBeLessThanOrEqual(0)
          // the style is in force
          expect(await page.evaluate("getComputedStyle(document.body).maxWidth"), path).not.toBe('none')
        }
      }
      await page.goto(`${watched.server.url}/report/hostile.example`)
      const shown = await page.locator('body').innerText()
      expect(shown).toContain(script) // as text
      expect(heard).toEqual([])
      expect(requested.filter(url => !url.startsWith(watched.server.url) && url !== 'data:,')).toEqual([])
      await page.goto(`${watched.server.url}/`)
      await page.getByRole('link', { name: 'good.example' }).first().click()
      expect(await page.locator('h1').innerText()).toBe('good.example')
    } finally {
      await context.close()
    }
  })

  test('the service met no bug of its own', () => expect(watched.log).toEqual([]))
})
