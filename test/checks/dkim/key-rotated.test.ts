import { generateKeyPairSync } from 'node:crypto'
import check from '../../../src/checks/dkim/key-rotated.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { signer } from '../../evaluate/sign.ts'
import { history, noRuns, seen } from '../histories.ts'

const quoted = (record: string): string => (record.match(/.{1,200}/g) ?? []).map(part => `"${part}"`).join(' ')
const own = signer('rsa2048').record
const former = `v=DKIM1; k=rsa; p=${generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const name = 's1._domainkey.example.com'
const zone = `${name} TXT ${quoted(own)}`
const after = (expected: string, observations: readonly Parameters<typeof seen>[], more: Partial<Row> = {}): Row => ({
  zone, history: history({ 'dkim s1': observations.map(one => seen(...one)) }), expect: { [name]: expected }, ...more,
  scope: { selectors: ['s1'], ...more.scope },
})

checkTable(check, {
  'a year': after('pass', [[quoted(own), 365, 0.1]]),
  'a year and a day': after('failed', [[quoted(own), 366, 0.1]], { args: { [name]: { name, date: '2025-11-21' } } }),
  'half a year in bulk': after('pass', [[quoted(own), 183, 0.1]], { scope: { bulk: true } }),
  'more than half a year in bulk': after('failed', [[quoted(own), 184, 0.1]], { scope: { bulk: true } }),
  'more than half a year, a little mail': after('pass', [[quoted(own), 184, 0.1]]),
  'the record was written otherwise': after('failed', [[quoted(own.replace('v=DKIM1; ', 't=s; ')), 400, 200], [quoted(own), 200, 0.1]], { args: { [name]: { name, date: '2025-10-18' } } }),
  'it was gone for a while': after('failed', [[quoted(own), 400, 200], [null, 200, 190], [quoted(own), 190, 0.1]]),
  'replaced': after('pass', [[quoted(former), 800, 100], [quoted(own), 100, 0.1]]),
  'replaced just now': after('pass', [[quoted(former), 800, 0.1]]),
  'published just now': after('pass', [[quoted(former), 800, 200], [null, 200, 0.1]]),
  'a key that the provider publishes': after('failed', [[quoted(own), 800, 0.1]], { zone: `${name} CNAME k.esp.example\nk.esp.example TXT ${quoted(own)}` }),
  'revoked': after('skip', [['"v=DKIM1; p="', 800, 0.1]], { zone: `${name} TXT "v=DKIM1; p="` }),
  'never seen': after('unknown:history-too-short', []),
  'nobody looked before': after('unknown:history-too-short', [], { history: noRuns }),
  'not answered': after('unknown:dns-servfail', [[quoted(own), 800, 0.1]], { zone: `${name} TXT (servfail)` }),
  'no selector': { zone: 'example.com A 192.0.2.1', history: history({}), expect: { 'example.com': 'skip' } },
  'without --state': { zone, scope: { selectors: ['s1'] }, expect: { 'example.com': 'skip:needs-flag' } },
})
