import { expect, test } from 'vitest'
import { check } from '../../src/index.ts'
import { checks } from '../../src/checks/index.ts'
import { afterSeeing, historyFacts, seenIn, type Histories } from '../../src/monitor/observations.ts'
import { judgeWorld, usualScope } from '../check-table.ts'
import { announced, policy, policyUrl } from '../checks/mta-sts/policies.ts'
import { mail, zone as signed } from '../checks/message/mail.ts'
import { createWorld, type WorldDefinition } from '../world.ts'

const chosen = (...ids: string[]) => checks.filter(({ id }) => ids.includes(id))
const named = chosen('mta-sts/id-bumped', 'spf/provider-lookups-steady', 'dkim/key-rotated')

/** What is remembered after runs in these worlds, one a day. */
async function remembered(...worlds: WorldDefinition[]) {
  let histories: Histories = new Map()
  let now = Date.parse('2026-11-01T12:00:00Z')
  const since = now
  for (const world of worlds) {
    const report = await check({ ...usualScope, permissions: new Set(['state']), selectors: ['s1'] }, {
      network: await createWorld(world), checks: named, history: historyFacts(histories, histories.size === 0 ? null : since),
    })
    histories = afterSeeing(histories, seenIn(report), now)
    now += 86_400_000
  }
  return historyFacts(histories, since)
}

const world = (include: string, text: string): WorldDefinition => ({
  zone: `${announced}\nexample.com TXT "v=spf1 include:esp.example -all"\nesp.example TXT "v=spf1 ${include} -all"`, pages: { [policyUrl]: text },
})
const before = world('mx', policy('testing'))

test('a change between two runs is what the checks of the third find', async () => {
  const history = await remembered(before, before)
  const findings = await judgeWorld(named, { ...world('mx a', policy('enforce')), history })
  expect(findings.filter(({ verdict }) => verdict === 'fail').map(({ check: id, args }) => [id, args])).toEqual([
    ['spf/provider-lookups-steady', { target: 'esp.example', before: 2, after: 3, count: 1 }], ['mta-sts/id-bumped', { date: '2026-11-22', id: '1' }],
  ])
})

test('no change is no finding', async () => {
  const findings = await judgeWorld(named, { ...before, history: await remembered(before, before) })
  expect(findings.map(({ check: id, verdict }) => [id, verdict])).toEqual([['spf/provider-lookups-steady', 'pass'], ['dkim/key-rotated', 'skip'], ['mta-sts/id-bumped', 'pass']])
})

test('a signature that held says when its selector was in use', async () => {
  const { scope } = mail()
  const report = await check({ ...usualScope, ...scope }, { network: await createWorld({ zone: signed }), checks: chosen('message/dmarc-passes') })
  expect([...seenIn(report)].filter(([record]) => record.startsWith('dkim-use'))).toEqual([['dkim-use s1', expect.stringMatching(/^2026-11-2\dT.*Z$/)]])
  const changed = mail({ arrived: 'something else\r\n' })
  const other = await check({ ...usualScope, ...changed.scope }, { network: await createWorld({ zone: signed }), checks: chosen('message/dmarc-passes') })
  expect([...seenIn(other).keys()].filter(record => record.startsWith('dkim-use'))).toEqual([])
})
