import { describe, expect, test } from 'vitest'
import { severities } from '../../src/checks/define.ts'
import { dashboardFiles, dashboards } from '../../src/monitor/dashboards.ts'
import { complaints } from './promql.ts'

interface GridPos { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
interface Rendered {
  readonly uid: string
  readonly title: string
  readonly schemaVersion: number
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[] }
  readonly panels: readonly {
    readonly id: number
    readonly type: string
    readonly title: string
    readonly gridPos: GridPos
    readonly datasource?: { readonly type: string; readonly uid: string }
    readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly instant: boolean; readonly range: boolean; readonly format: string; readonly datasource: object }[]
    readonly fieldConfig?: { readonly overrides: readonly { readonly matcher: { readonly options: string } }[] }
    readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[]
  }[]
}

const files = dashboardFiles().map(({ name, text }) => ({ name, dashboard: JSON.parse(text) as Rendered }))

test('there are five, each with an identity of its own that stays', () => {
  expect(files.map(({ name }) => name)).toEqual(['mailcheck-fleet.json', 'mailcheck-domain.json', 'mailcheck-certificates.json', 'mailcheck-sessions.json', 'mailcheck-mail.json'])
  expect(files.map(({ name, dashboard: { uid } }) => name === `${uid}.json`)).not.toContain(false)
  expect(new Set(files.map(({ dashboard }) => dashboard.title)).size).toBe(5)
})

test('what is in the order of its severity is so by rank, not by name', () => {
  const tables = files.flatMap(({ dashboard }) => dashboard.panels as unknown as {
    title: string; options?: { sortBy?: { displayName: string; desc: boolean }[] }; targets?: { expr: string }[]
    transformations?: { options: { renameByName?: Record<string, string> } }[]
    fieldConfig?: { overrides: { matcher: { options: string }; properties: { id: string; value: { options: Record<string, { text: string }> }[] }[] }[] }
  }[]).filter(({ options }) => options?.sortBy?.[0]?.displayName === 'severity')
  expect(tables.map(({ title }) => title)).toEqual(['What fails', 'What could not be tested'])
  for (const { options, targets, transformations, fieldConfig } of tables) {
    expect(options?.sortBy).toEqual([{ displayName: 'severity', desc: false }])
    expect(transformations?.at(-1)?.options.renameByName?.['Value']).toBe('severity')
    const mapping = fieldConfig?.overrides.find(({ matcher }) => matcher.options === 'severity')?.properties.find(({ id }) => id === 'mappings')
    expect(Object.entries(mapping?.value[0]?.options ?? {}).map(([rank, { text }]) => [rank, text])).toEqual(severities.map((severity, i) => [String(i + 1), severity]))
    for (const [i, severity] of severities.entries()) expect(targets?.[0]?.expr).toMatch(new RegExp(`${i + 1} \\* max by \\(check, subject\\) \\([^)]*severity="${severity}"`))
  }
})

describe.each(files)('$name', ({ dashboard }) => {
  const { panels, templating } = dashboard
  const variables = templating.list.map(({ name }) => name)
  const shown = panels.filter(({ type }) => type !== 'row')
  const texts = shown.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })))

  test('panels have ids and titles of their own, and do not lie upon each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length)
    const taken = new Set<string>()
    for (const { title, gridPos: { x, y, w, h } } of panels) {
      expect(x + w, title).toBeLessThanOrEqual(24)
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          expect(taken, title).not.toContain(`${column} ${row}`)
          taken.add(`${column} ${row}`)
        }
      }
    }
  })

  test('panels are of kinds that Grafana has, and ask the data source that was chosen', () => {
    for (const { type, datasource, targets = [] } of shown) {
      expect(['stat', 'timeseries', 'table', 'bargauge', 'state-timeline']).toContain(type)
      expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' })
      expect(targets.length).toBeGreaterThan(0)
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
      for (const target of targets) {
        expect(target.datasource).toEqual(datasource)
        expect(target.instant).toBe(!target.range)
        expect(target.format).toBe(type === 'table' ? 'table' : 'time_series')
      }
    }
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' })
  })

  test.each(texts)('$title: $expr', ({ expr }) => {
    const filled = expr.replaceAll('$__rate_interval', '5m')
    for (const [, name = ''] of filled.matchAll(/\$\{?(\w+)/g)) expect(variables).toContain(name)
    expect(complaints(filled)).toEqual([])
  })

  test('variables are filled from labels that there are', () => {
    for (const { type, definition = '' } of templating.list) {
      if (type === 'query') expect(complaints(definition)).toEqual([])
    }
  })

  test('rows of several queries are joined, and the columns are those that the queries give', () => {
    for (const { title, type, targets = [], transformations = [], fieldConfig } of shown) {
      if (type !== 'table') continue
      const join = transformations.find(({ id }) => id === 'joinByField')?.options['byField']
      if (targets.length > 1) {
        expect(join, title).toBeTypeOf('string')
        for (const { expr } of targets.slice(1)) expect(expr, title).toContain(`by (${String(join)})`)
      }
      const { names } = transformations.find(({ id }) => id === 'filterFieldsByName')?.options['include'] as { readonly names: readonly string[] }
      for (const name of names) {
        if (name.startsWith('Value')) expect(targets.length === 1 ? ['Value'] : targets.map(({ refId }) => `Value #${refId}`), title).toContain(name)
        else expect(targets.some(({ expr }) => new RegExp(`\\b${name}\\b`).test(expr)) || expandsLabels(targets[0]?.expr ?? ''), `${title}: ${name}`).toBe(true)
      }
      const renamed = Object.values(transformations.find(({ id }) => id === 'organize')?.options['renameByName'] as Record<string, string>)
      for (const { matcher } of fieldConfig?.overrides ?? []) expect(renamed, title).toContain(matcher.options)
    }
  })

  test('links to other dashboards lead to one of them', () => {
    for (const [, uid] of JSON.stringify(dashboard).matchAll(/\/d\/([\w-]+)/g)) expect(dashboards.map(one => one.uid)).toContain(uid)
  })
})

/** A query without aggregation has all labels of its series. */
function expandsLabels(expr: string): boolean {
  return /^mailcheck_\w+$/.test(expr)
}

test('what is not in order is said in words, too', () => {
  for (const { panels } of files.map(({ dashboard }) => dashboard)) {
    for (const panel of panels) {
      if (panel.type === 'state-timeline') expect(JSON.stringify(panel.fieldConfig)).toContain('does not answer')
    }
  }
})
