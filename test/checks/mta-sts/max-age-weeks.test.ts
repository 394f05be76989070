import check from '../../../src/checks/mta-sts/max-age-weeks.ts'
import { checkTable } from '../../check-table.ts'
import { policy, serves, withoutPolicy } from './policies.ts'

const row = (seconds: number, code: string, mode = 'enforce') => serves(policy(mode, undefined, seconds), code)

checkTable(check, {
  'two weeks': row(1_209_600, 'pass'),
  'one week': { ...row(604_800, 'failed'), args: { 'example.com': { seconds: 604_800 } } },
  'one week, in testing': row(604_800, 'skip', 'testing'),
  ...withoutPolicy(),
})
