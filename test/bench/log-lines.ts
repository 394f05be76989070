/**
 * A mail log that does not end, made from the day of the fixtures: every round has other clients, other queue ids and other
 * accounts that fail, so that nothing is remembered from the round before.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { join } from 'node:path'
import { packageRoot } from '../../src/package.ts'

const folder = join(packageRoot(), 'fixtures/logs')
const day = Buffer.concat([gunzipSync(readFileSync(join(folder, 'mail.log.1.gz'))), readFileSync(join(folder, 'mail.log'))]).toString('latin1')

/** The octets of one day. */
export function dayOfLog(round: number): Buffer {
  const date = new Date(Date.UTC(2026, 0, 1) + round * 86_400_000).toISOString().slice(0, 10)
  const net = `${11 + (round >> 8) % 200}.${round & 255}`
  return Buffer.from(day
    .replaceAll('2026-11-23T', `${date}T`)
    .replaceAll('3F1A2', (0x10000 + round % 0xEFFFF).toString(16).toUpperCase())
    .replaceAll('198.51.', `${net}.`)
    .replaceAll('user=<', `user=<r${round}`), 'latin1')
}
