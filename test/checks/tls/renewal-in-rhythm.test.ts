import check from '../../../src/checks/tls/renewal-in-rhythm.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { parseCertificate } from '../../../src/syntax/certificate.ts'
import { makeChain } from '../../certificates.ts'
import { usualNow } from '../../world.ts'
import { ago, certificate, history, noRuns, seen } from '../histories.ts'
import { imaps, shows, withoutCertificate } from './certificates.ts'

/** A certificate of ninety days that was served from so many days before now until so many, and ended so many days after that. */
const former = (name: string, from: number, until: number, left: number, lives = 90) => seen(certificate(name, { ends: left - until, lives }), from, until)
const months = [former('a', 140, 100, 30), former('b', 99.9, 40, 30)]

/** The endpoint shows a certificate with so many days left; earlier runs saw it, too, unless it is a day old, and what came before it. */
async function after(expected: string, left: number, observations: ReturnType<typeof former>[], lives = 90): Promise<Row> {
  const row = shows({ names: ['mail.example.com'], notBefore: ago(lives - left), notAfter: ago(-left) }, expected)
  return { ...row, history: history({ [`certificate ${imaps}`]: [...observations, ...await current(row, lives - left)] }) }
}

async function current({ certificates }: Row, age: number) {
  const [leaf = ''] = await makeChain(certificates?.['a'] ?? { names: [] }, { trusted: true, anchor: 'Example Root', path: [] }, new Date(usualNow))
  return age < 2 ? [] : [seen(certificate(parseCertificate(leaf)?.sha256 ?? ''), Math.min(age, 39.9), 0.1)]
}

checkTable(check, {
  'much is left': await after('pass', 60, months),
  'twenty-four of thirty': await after('pass', 24, months),
  'twenty-three of thirty': { ...await after('failed', 23, months), args: { [imaps]: { endpoint: imaps, usual: 29, days: 23 } } },
  'once it was late': await after('pass', 23, [former('a', 140, 100, 12), former('b', 99.9, 40, 30)]),
  'renewed after its end': await after('pass', 1, [former('a', 140, 100, -2), former('b', 99.9, 40, 30)]),
  'renewed just now': await after('pass', 89, [former('a', 140, 70, 30), former('b', 69.9, 0.1, 30)]),
  'once is no rhythm': await after('unknown:history-too-short', 10, [former('b', 99.9, 40, 30)]),
  'others of another lifetime': await after('unknown:history-too-short', 5, months, 7),
  'what is damaged does not count': await after('unknown:history-too-short', 10, [seen('{"sha256":1}', 200, 150), seen('nonsense', 150, 100), former('b', 99.9, 40, 30)]),
  'two at the same time': await after('unknown:history-too-short', 10, [former('a', 90, 80, 60), former('b', 79, 70, 60), former('a', 69, 0.2, 10), former('b', 0.15, 0.1, 10)]),
  'never seen': await after('unknown:history-too-short', 89, []),
  'nobody looked before': { ...await after('unknown:history-too-short', 10, []), history: noRuns },
  'without --state': { ...shows({ names: ['mail.example.com'] }, 'pass'), expect: { 'example.com': 'skip:needs-flag' } },
  ...Object.fromEntries(Object.entries(withoutCertificate).map(([name, row]) => [name, { ...row, history: history({}) }])),
})
