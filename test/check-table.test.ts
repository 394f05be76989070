import { describe, expect, test } from 'vitest'
import { defineCheck, fail, pass, skip } from '../src/checks/define.ts'
import { checkTable, judgeWorld, police, type Row } from './check-table.ts'

const toy = defineCheck({
  id: 'toy/exchange-short', title: 'Every exchange has a short name', severity: 'notice', question: 'receive', rfc: ['best practice'],
  needs: ['mx'],
  over: ({ mx }) => mx.hosts,
  judge({ name }, { mx }) {
    if (mx.implicit) return skip('there is no MX')
    if (name.length < 20) return pass
    return fail('failed', { host: name, octets: name.length }, { from: 'dns', name: 'example.com', type: 'MX', text: `10 ${name}.`, ttl: 3600 })
  },
  messages: { failed: '{host} has {octets} octets' },
  explain: 'It is a toy.',
  remedy: ({ name }) => ({ text: `Rename ${name}` }),
})

const long = 'a-rather-long-name.example.com'

checkTable(toy, {
  'a short name, and a long one': {
    zone: `example.com MX 10 mx1.example.com\nexample.com MX 20 ${long}`,
    expect: { 'mx1.example.com': 'pass', [long]: 'failed' },
    args: { [long]: { host: long, octets: 30 } },
  },
  'no MX': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'a resolver that is silent': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown' } },
})

describe('the runner polices what a check tells its reader', () => {
  const row: Row = { zone: `example.com MX 10 ${long}`, expect: {} }
  const finding = async () => {
    const [found] = await judgeWorld([toy], row)
    if (!found) throw new Error('the toy found nothing')
    return found
  }

  test('a good finding passes', async () => {
    const found = await finding()
    expect(() => police(toy, found, row)).not.toThrow()
  })

  test.each([
    ['no evidence', { evidence: [] }, /evidence for failed/],
    ['an arg that the message does not have', { args: { host: long, octets: 1, extra: 2 } }, /args of failed/],
    ['an arg that is missing', { args: { host: long } }, /args of failed/],
    ['an arg of undefined text', { args: { host: 'undefined', octets: 1 } }, /\{host\}/],
    ['a code without a message', { code: 'other' }, /a message for the code/],
    ['an empty remedy', { remedy: { text: '' } }, /a remedy/],
    ['a template in the remedy', { remedy: { text: 'Rename {host}' } }, /the remedy/],
    ['a template in a record', { remedy: { text: 'Publish it', records: { set: ['{domain}. MX 0 .'] } } }, /a record of the remedy/],
    ['a skip without a reason', { verdict: 'skip', detail: '' } as const, /why/],
  ])('%s', async (_, change, complaint) => {
    const found = { ...await finding(), ...change }
    expect(() => police(toy, found, row)).toThrow(complaint)
  })

  test('count may be added, and evidence may be declared absent', async () => {
    const found = { ...await finding(), args: { host: long, octets: 30, count: 2 }, evidence: [] }
    expect(() => police(toy, found, { ...row, evidence: 'none: the toy keeps none' })).not.toThrow()
  })
})
