/** Block lists of a small world: one of ours, and one of the user's own. */
import type { ListSetting, Scope } from '../../../src/scope.ts'

/** All of ours are left out but these. */
export function only(...settings: readonly ListSetting[]): Partial<Scope> {
  const ours = ['spamhaus-zen', 'spamcop', 'barracuda', 'spamhaus-dbl', 'surbl', 'uribl'].map(id => ({ id, off: true }))
  return { permissions: new Set(['lists']), lists: [...ours.filter(({ id }) => !settings.some(setting => setting.id === id)), ...settings] }
}

export const zen = { id: 'spamhaus-zen', off: false }
export const dbl = { id: 'spamhaus-dbl', off: false }
export const own: ListSetting = { id: 'local', off: false, zone: 'bl.example.net', kind: 'address', families: [4], codes: { '127.0.0.2': 'seen here' }, page: 'https://bl.example.net/' }

export const reversed6 = (last: string): string => `${last}.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.e.f.0.0.0.2.6.2`
const mapped = (last: number): string => `${last}.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0`

/** Test points as RFC 5782 §5 wants them. */
export const tests = (zone: string, code = '127.0.0.2'): string => `2.0.0.127.${zone} A ${code}\n${mapped(2)}.${zone} A ${code}`
export const domainTests = (zone: string, code: string): string => `test.${zone} A ${code}`
export const sender = `example.com MX 10 mx1.example.com\nexample.com TXT "v=spf1 mx -all"\nmx1.example.com A 9.9.9.25`
