/** The parts of a Grafana dashboard, as far as ours are made of them: what each shows is a query and a unit. */

export interface Target {
  readonly expr: string
  readonly legend?: string
  /** The present value instead of the course of time. */
  readonly instant?: boolean
}

export interface Panel {
  readonly type: 'stat' | 'timeseries' | 'table' | 'bargauge' | 'state-timeline'
  readonly title: string
  readonly description?: string
  /** Columns of 24, and rows. */
  readonly width: number
  readonly height: number
  readonly targets: readonly Target[]
  /** As Grafana names units: `s`, `bytes`, `percentunit`, `dateTimeAsIso`. */
  readonly unit?: string
  readonly min?: number
  readonly max?: number
  /** From which value on it is which colour, ascending; the first is the colour below all limits. */
  readonly thresholds?: readonly [colour: string, ...(readonly [from: number, colour: string])[]]
  /** Words for values, so that colour alone says nothing. */
  readonly words?: Readonly<Record<string, { readonly text: string; readonly colour: string }>>
  /** Of a table: its columns by the label or `Value #A`, in order, with their titles. */
  readonly columns?: readonly Column[]
  /** Of a table with several targets: the label that their rows share. */
  readonly joinBy?: string
  /** Of a table: the column by which the rows are in order, the greatest first unless `ascending`. */
  readonly sortBy?: { readonly title: string; readonly ascending?: boolean }
}

export interface Column {
  readonly field: string
  readonly title: string
  readonly unit?: string
  readonly thresholds?: Panel['thresholds']
  readonly words?: Panel['words']
  /** To another dashboard; `${__value.text}` stands for the cell. */
  readonly link?: string
}

const datasource = { type: 'prometheus', uid: '${datasource}' } as const

/** Panels side by side while they fit, from the top; a title begins a row of its own. */
function layOut(parts: readonly (Panel | string)[]): object[] {
  let [x, y, height] = [0, 0, 0]
  return parts.map((part, i) => {
    const id = i + 1
    const width = typeof part === 'string' ? 24 : part.width
    if (x + width > 24 || typeof part === 'string') [x, y, height] = [0, y + height, 0]
    const own = typeof part === 'string' ? 1 : part.height
    const gridPos = { x, y, w: width, h: own }
    x += width
    height = Math.max(height, own)
    if (typeof part === 'string') {
      [x, y, height] = [0, y + 1, 0]
      return { id, type: 'row', title: part, collapsed: false, gridPos, panels: [] }
    }
    return { id, gridPos, ...renderPanel(part) }
  })
}

function renderPanel(panel: Panel): object {
  const { type, title, description, targets, unit, min, max, thresholds, words } = panel
  return {
    type, title, ...(description === undefined ? {} : { description }), datasource,
    targets: targets.map(({ expr, legend, instant }, i) => {
      const now = instant ?? (type !== 'timeseries' && type !== 'state-timeline')
      return {
        refId: String.fromCharCode(65 + i), datasource, expr, editorMode: 'code', instant: now, range: !now,
        format: type === 'table' ? 'table' : 'time_series', legendFormat: legend ?? '__auto',
      }
    }),
    fieldConfig: {
      defaults: {
        ...(unit === undefined ? {} : { unit }), ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }),
        color: { mode: thresholds ? 'thresholds' : 'palette-classic' }, thresholds: renderThresholds(thresholds), mappings: renderWords(words),
        ...(type === 'timeseries' ? { custom: { lineWidth: 1, fillOpacity: 5, showPoints: 'auto', spanNulls: false } } : {}),
      },
      overrides: panel.columns?.map(renderOverride) ?? [],
    },
    options: options(panel),
    ...(panel.columns ? { transformations: transformations(panel) } : {}),
  }
}

function renderThresholds([first, ...rest]: NonNullable<Panel['thresholds']> = ['green']): object {
  return { mode: 'absolute', steps: [{ color: first, value: null }, ...rest.map(([value, color]) => ({ color, value }))] }
}

function renderWords(words: Panel['words']): object[] {
  if (!words) return []
  return [{ type: 'value', options: Object.fromEntries(Object.entries(words).map(([value, { text, colour }], index) => [value, { text, color: colour, index }])) }]
}

function renderOverride({ title, unit, thresholds, words, link }: Column): object {
  return {
    matcher: { id: 'byName', options: title },
    properties: [
      ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
      ...(thresholds ? [{ id: 'thresholds', value: renderThresholds(thresholds) }, { id: 'custom.cellOptions', value: { type: 'color-text' } }] : []),
      ...(words ? [{ id: 'mappings', value: renderWords(words) }, { id: 'custom.cellOptions', value: { type: 'color-text' } }] : []),
      ...(link === undefined ? [] : [{ id: 'links', value: [{ title: 'Open', url: link }] }]),
    ],
  }
}

function options({ type, sortBy }: Panel): object {
  switch (type) {
    case 'stat': return { colorMode: 'value', graphMode: 'none', textMode: 'auto', reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } }
    case 'bargauge': return { displayMode: 'basic', orientation: 'horizontal', reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false } }
    case 'timeseries': return { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } }
    case 'state-timeline': return { showValue: 'never', mergeValues: true, legend: { displayMode: 'list', placement: 'bottom', showLegend: true } }
    case 'table': return { showHeader: true, ...(sortBy ? { sortBy: [{ displayName: sortBy.title, desc: sortBy.ascending !== true }] } : {}) }
  }
}

/** What is not a column is left out. */
function transformations({ columns = [], joinBy, targets }: Panel): object[] {
  return [
    ...(joinBy === undefined || targets.length < 2 ? [] : [{ id: 'joinByField', options: { byField: joinBy, mode: 'outer' } }]),
    { id: 'filterFieldsByName', options: { include: { names: columns.map(({ field }) => field) } } },
    { id: 'organize', options: {
      indexByName: Object.fromEntries(columns.map(({ field }, i) => [field, i])),
      renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])), excludeByName: {},
    } },
  ]
}

export interface Variable {
  readonly name: string
  readonly label: string
  /** Its values: those of a label. */
  readonly values: { readonly series: string; readonly label: string }
  /** Several at once, all to begin with. */
  readonly several?: boolean
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly variables: readonly Variable[]
  readonly panels: readonly (Panel | string)[]
}

export function renderDashboard({ uid, title, description, variables, panels }: Dashboard): object {
  return {
    uid, title, description, tags: ['mailcheck'], schemaVersion: 39, version: 1, editable: true, graphTooltip: 1, refresh: '1m', timezone: '',
    time: { from: 'now-24h', to: 'now' }, annotations: { list: [] },
    links: [{ type: 'dashboards', tags: ['mailcheck'], title: 'mailcheck', asDropdown: false, includeVars: false, keepTime: true, targetBlank: false, icon: 'external link' }],
    templating: { list: [
      { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', regex: '', refresh: 1, hide: 0, multi: false, includeAll: false },
      ...variables.map(({ name, label, values, several = false }) => {
        const query = `label_values(${values.series}, ${values.label})`
        return {
          name, label, type: 'query', datasource, definition: query, query: { query, refId: name }, refresh: 2, sort: 1, hide: 0, regex: '',
          multi: several, includeAll: several, ...(several ? { allValue: '.*', current: { text: ['All'], value: ['$__all'] } } : {}),
        }
      }),
    ] },
    panels: layOut(panels),
  }
}
