/** Over every domain of the worlds: what `fix` prints for BIND, laid over the DNS, cures what it says and makes nothing worse. */
import pLimit from 'p-limit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderFix } from '../../src/change/fix-notations.ts'
import { judgeFix } from '../../src/change/fix-verdict.ts'
import { settleFix, type Fix } from '../../src/change/settle-fix.ts'
import { fixTools } from '../../src/commands/fix-run.ts'
import { check, createNetwork, createSessions, makeScope, type Report } from '../../src/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { overlay, type PlannedSet } from '../../src/network/overlay.ts'
import { groupBy } from '../../src/report/group.ts'
import { identityOf } from '../../src/report/verdicts.ts'
import { parseZone } from '../../src/syntax/zone.ts'

let world: RunningWorld
const fixes = new Map<string, { fix: Fix; text: string; after: Report }>()

beforeAll(async () => {
  world = await startWorld(loadWorlds())
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, anchors: [world.ca], timeout: 6000 })
  const sessions = createSessions()
  const turn = pLimit(12)
  const silentFirst = world.domains.toSorted((a, b) => Number(b.includes('silent')) - Number(a.includes('silent')))
  await Promise.all(silentFirst.map(domain => turn(async () => {
    const { selectors = [], senders = [] } = world.declared[domain] ?? {}
    const scope = makeScope({ ehloName: 'mailcheck.example', vantage: [] }, { domains: new Map([[domain, { selectors: [...selectors], senders: [...senders] }]]) }, { domain, shownAs: domain })
    const report = await check(scope, { network, sessions })
    const fix = await settleFix(report, fixTools(scope, { network, sessions }))
    const text = renderFix(fix, 'bind')
    const after = await check(scope, { network: overlay(network, { sets: readPatch(text) }), sessions })
    fixes.set(domain, { fix, text, after })
  })))
}, 300_000)
afterAll(() => world.close())

/** The record sets of a patch: what stands there, and what is to go. */
function readPatch(text: string): PlannedSet[] {
  const { records, special, errors } = parseZone(text)
  expect(errors).toEqual([])
  const sets = [...groupBy(records, ({ name, type }) => `${name} ${type}`).values()].flatMap((own): PlannedSet[] => own[0] ? [{ name: own[0].name, type: own[0].type, records: own }] : [])
  return [...sets, ...special.map(({ name, type }): PlannedSet => ({ name, type, records: [] }))]
}

describe('a fix', () => {
  test('cures exactly what it says it cures, and makes nothing worse', () => {
    for (const [domain, { fix, after }] of fixes) {
      const { cured, worse, laidBare } = judgeFix(fix.report.findings, after.findings)
      expect([domain, worse.map(({ check: id, message }) => `${id}: ${message}`)]).toEqual([domain, []])
      expect([domain, cured.map(identityOf).toSorted()]).toEqual([domain, fix.cured.map(identityOf).toSorted()])
      expect([domain, laidBare.map(identityOf)]).toEqual([domain, fix.laidBare.map(identityOf)])
    }
  })

  test('has a place for every failure: cured, left out with a reason, or beyond what a record can do', () => {
    for (const [domain, { fix }] of fixes) {
      const placed = new Set([...fix.cured, ...fix.refused.map(({ finding }) => finding), ...fix.others].map(identityOf))
      const lost = fix.report.findings.filter(finding => finding.verdict === 'fail' && !placed.has(identityOf(finding))).map(({ check: id }) => id)
      expect([domain, lost]).toEqual([domain, []])
    }
  })

  test('has nothing to do where nothing fails', () => {
    for (const [, { fix, text }] of fixes) {
      if (fix.report.findings.some(({ verdict }) => verdict === 'fail')) continue
      expect(fix.sets).toEqual([])
      expect(text).toContain('Nothing fails: there is nothing to fix.')
    }
  })

  test('is found for many kinds of fault', () => {
    const cured = new Set([...fixes.values()].flatMap(({ fix }) => fix.cured.map(({ check: id }) => id)))
    expect(cured.size).toBeGreaterThan(30)
  })
})
