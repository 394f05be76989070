/** A domain that is out to harm whoever looks at it, among the targets: what it says is shown, and does nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createNetwork } from '../../src/index.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { createLog } from '../../src/monitor/log.ts'
import { parseMetrics, serve, type Serving } from './serving.ts'

const script = '<script>alert(1)</script><img src=x onerror=alert(2)>'
let world: RunningWorld
let serving: Serving

beforeAll(async () => {
  world = await startWorld({
    domains: { 'evil.example': { about: 'hostile', selectors: ['s1'] } },
    zones: {
      'evil.example': {
        records: [
          '@ SOA ns1.evil.example. h.evil.example. 1 7200 3600 1209600 300', '@ NS ns1', 'ns1 A 11.66.0.53', '@ MX 10 mx', 'mx A 11.66.0.1',
          `@ TXT "v=spf1 include:${'a'.repeat(40)}.evil.example ${script.replaceAll('"', '')} -all"`, `_dmarc TXT "v=DMARC1; p=${script}; rua=mailto:${script}"`,
          's1._domainkey TXT "v=DKIM1; p=\\010\\027[2J</pre><script>"', '_imaps._tcp SRV 0 1 993 mail', 'mail A 11.66.0.2',
        ].join('\n'),
      },
    },
    certificates: { own: { names: ['<script>alert(3)</script>.evil.example', 'mail.evil.example', 'mx.evil.example'] } },
    servers: [
      { host: 'mx.evil.example', addresses: ['11.66.0.1'], certificate: 'own', services: { smtp: { greeting: `220 ${script} "quoted" back\\slash {domain="good.example"} 1`, offers: [script, 'STARTTLS', 'SIZE 1'] } } },
      { host: 'mail.evil.example', addresses: ['11.66.0.2'], certificate: 'own', services: { imaps: { greeting: `* NO ${script}` } } },
    ],
  })
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, anchors: [world.ca], timeout: 3000 })
  serving = await serve('domains: { evil.example: { selectors: [s1] } }', { settings: { network } })
  await serving.allRun()
}, 60_000)

afterAll(async () => {
  await serving.close()
  await world.close()
})

test('it was looked at', async () => {
  const { body } = await serving.get('/report/evil.example.json')
  expect(body).toContain('<script>alert(1)')
})

test('the metrics are metrics, and no label holds what it says', async () => {
  for (const path of ['/metrics', '/probe?target=evil.example&module=dns', '/probe?target=evil.example&module=sessions']) {
    const { body } = await serving.get(path)
    expect(parseMetrics(body).size).toBeGreaterThan(30)
    expect(body.split('\n').filter(line => line.includes('{domain=') && /script|onerror|alert|quoted/.test(line))).toEqual([])
  }
})

test('the pages show it as text', async () => {
  for (const path of ['/', '/report/evil.example']) {
    const { body } = await serving.get(path)
    expect(body).toContain('evil.example')
    expect(body).not.toMatch(/<script|<img/i)
    expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/)
  }
})

test('the transcript is text, whatever it holds', async () => {
  const { headers, body } = await serving.get('/probe?target=evil.example&module=sessions&debug=true')
  expect([headers['content-type'], headers['x-content-type-options']]).toEqual(['text/plain; charset=utf-8', 'nosniff'])
  expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/)
})

test('a request that carries it gets nothing of it back alive', async () => {
  for (const path of [`/probe?target=${encodeURIComponent(script)}`, `/report/${encodeURIComponent(script)}`, `/probe?target=evil.example&module=${encodeURIComponent(script)}`, `/${encodeURIComponent(script)}`, '/report/%1b%5b2J']) {
    const { status, headers, body } = await serving.get(path)
    expect([path, status >= 400, headers['content-type']]).toEqual([path, true, 'text/plain; charset=utf-8'])
    expect(body).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
  }
})

test('the log keeps to one line an event', () => {
  for (const format of ['text', 'json'] as const) {
    const lines: string[] = []
    const log = createLog(format, line => lines.push(line), () => new Date(0))
    log('warn', 'a target\nis no domain', { target: '\u001b[2J\r\n{"level":"info"}\u2028\u202e', count: 2, on: true, none: null })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/)
    if (format === 'json') expect(JSON.parse(lines[0] ?? '')).toMatchObject({ time: '1970-01-01T00:00:00.000Z', level: 'warn', count: 2, on: true, none: null })
  }
})
