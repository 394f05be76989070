import check from '../../../src/checks/mta-sts/enforced.ts'
import { checkTable } from '../../check-table.ts'
import { policy, serves, withoutPolicy } from './policies.ts'

checkTable(check, {
  'enforced': serves(policy('enforce'), 'pass'),
  'in testing': { ...serves(policy('testing'), 'failed'), args: { 'example.com': { mode: 'testing' } } },
  'none': { ...serves(policy('none'), 'failed'), args: { 'example.com': { mode: 'none' } } },
  ...withoutPolicy(),
})
