import check from '../../../src/checks/mta-sts/max-age-a-day.ts'
import { checkTable } from '../../check-table.ts'
import { policy, serves, withoutPolicy } from './policies.ts'

const row = (seconds: number, code: string, mode = 'enforce') => serves(policy(mode, undefined, seconds), code)

checkTable(check, {
  'a day': row(86_400, 'pass'),
  'less': { ...row(86_399, 'failed'), args: { 'example.com': { seconds: 86_399 } } },
  'nothing': row(0, 'failed'),
  'less, in testing': row(3600, 'failed', 'testing'),
  'less, in none': row(3600, 'skip', 'none'),
  ...withoutPolicy(),
})
