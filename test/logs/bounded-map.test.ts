import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedMap } from '../../src/logs/bounded-map.ts'

test('it forgets what was not asked for longest, whatever is done with it', () => {
  const step = fc.record({ what: fc.constantFrom('get', 'peek', 'touch', 'set', 'delete'), key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') })
  fc.assert(fc.property(fc.array(step), steps => {
    const map = new BoundedMap<number>(4)
    let model: [string, number][] = []
    let forgotten = 0
    for (const [i, { what, key }] of steps.entries()) {
      const known = model.find(([name]) => name === key)
      if (what === 'get' || what === 'peek') expect(map[what](key)).toBe(known?.[1])
      else if (what === 'touch') expect(map.touch(key, () => i)).toBe(known?.[1] ?? i)
      else if (what === 'set') map.set(key, i)
      else expect(map.delete(key)).toBe(known !== undefined)
      if (what === 'peek' || (what === 'get' && !known)) continue
      model = model.filter(one => one !== known)
      if (what === 'delete') continue
      model.push([key, what === 'set' ? i : known?.[1] ?? i])
      if (model.length > 4) forgotten += model.splice(0, 1).length
    }
    expect([...map.entries()]).toEqual(model)
    expect([map.size, map.forgotten]).toEqual([model.length, forgotten])
  }))
})

test('a stranger costs the same, however many there are', () => {
  const map = new BoundedMap<number>(200_000)
  for (let i = 0; i < 600_000; i++) map.set(`stranger ${i}`, i)
  expect([map.size, map.forgotten, map.peek('stranger 400000'), map.peek('stranger 399999')]).toEqual([200_000, 400_000, 400_000, undefined])
})
