/** What the README says of the service is what it does. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checks } from '../../src/checks/index.ts'
import { durationOf, parseConfig } from '../../src/config.ts'
import { families } from '../../src/monitor/families.ts'
import { moduleOf } from '../../src/monitor/modules.ts'
import { mostSeries } from '../../src/monitor/domain-samples.ts'
import { mostSubjects } from '../../src/monitor/standing-samples.ts'

const section = /^## Monitoring\n([^]*?)^## /m.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1] ?? ''
const blocks = [...section.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => text)

test('its configuration is read, and its modules select checks', () => {
  const config = parseConfig(blocks[0] ?? '', 'README.md')
  expect([...config.domains.keys()]).toEqual(['example.com', 'example.org'])
  for (const [name, { only, interval = '' }] of Object.entries(config.modules ?? {})) {
    expect(moduleOf(name, { only, interval: durationOf(interval) }, checks, new Set()).checks.length).toBeGreaterThan(5)
  }
})

test('the rest is YAML', () => {
  expect(blocks.map(text => Object.keys(parse(text) as object)[0])).toEqual(['domains', 'scrape_configs', 'tls_server_config'])
})

test('the metrics it names are there, and the limits are those that hold', () => {
  const names = new Set<string>(families.map(({ name }) => name))
  const named = [...section.matchAll(/mailcheck_[a-z_]+/g)].map(([name]) => name)
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter(name => !names.has(name))).toEqual([])
  expect(section).toContain(`More than ${mostSeries}, or more than ${mostSubjects} subjects`)
})
