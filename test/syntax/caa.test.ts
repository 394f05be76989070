import fc from 'fast-check'
import { expect, test } from 'vitest'
import { permissionOf } from '../../src/syntax/caa.ts'

const issue = (value: string, tag = 'issue', flags = 0) => ({ flags, tag, value })

test.each<[string, ReturnType<typeof issue>[], boolean, ReturnType<typeof permissionOf>]>([
  ['no record', [], false, { permits: 'anybody' }],
  ['a name', [issue('ca.example')], false, { permits: 'these', authorities: ['ca.example'] }],
  ['white space, capitals and parameters', [issue(' \tCA.Example ; account=1; policy=ev')], false, { permits: 'these', authorities: ['ca.example'] }],
  ['nobody', [issue(';')], false, { permits: 'these', authorities: [] }],
  ['nothing', [issue('')], false, { permits: 'these', authorities: [] }],
  ['tags in any case', [issue('ca.example', 'ISSUE')], false, { permits: 'these', authorities: ['ca.example'] }],
  ['issuewild alone says nothing of other names', [issue('ca.example', 'issuewild')], false, { permits: 'anybody' }],
  ['issuewild alone, for a wildcard', [issue('ca.example', 'issuewild')], true, { permits: 'these', authorities: ['ca.example'] }],
  ['issuewild before issue', [issue('a.example'), issue('b.example', 'issuewild')], true, { permits: 'these', authorities: ['b.example'] }],
  ['issue, for a wildcard', [issue('a.example')], true, { permits: 'these', authorities: ['a.example'] }],
  ['a critical stranger', [issue('a.example'), issue('x', 'tbs', 128)], false, { permits: 'nobody', tag: 'tbs' }],
  ['a critical issue is no stranger', [issue('a.example', 'issue', 128)], false, { permits: 'these', authorities: ['a.example'] }],
])('%s', (_, records, wildcard, permission) => {
  expect(permissionOf(records, wildcard)).toEqual(permission)
})

test('never throws', () => {
  const octets = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes).toString('latin1'))
  const record = fc.record({ flags: fc.integer({ min: 0, max: 255 }), tag: octets, value: octets })
  fc.assert(fc.property(fc.array(record), fc.boolean(), (records, wildcard) => {
    expect(['anybody', 'these', 'nobody']).toContain(permissionOf(records, wildcard).permits)
  }))
})
