import { expect, test } from 'vitest'
import { allowance, hostileCosts } from '../bench/hostile.ts'

test.runIf(process.platform === 'linux')('the worst of them costs a process no memory to speak of', { timeout: 60_000 }, async () => {
  const { peak, costs } = await hostileCosts(/flood|endless|huge|10000|100|deep|many|3000/)
  expect(costs.length).toBeGreaterThan(20)
  expect(peak).toBeLessThan(allowance)
})
