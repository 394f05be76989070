import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Socket } from 'node:net'
import { families } from '../../src/monitor/families.ts'
import { startServer } from '../../src/monitor/server.ts'
import { closeWorld, get, parseMetrics, serve, worldOf, type Serving } from './serving.ts'

const config = `
domains:
  good.example: { selectors: [s2026] }
  faulty.example: { selectors: [mail, old, lost] }
`

let serving: Serving

beforeAll(async () => {
  await worldOf('good', 'parked', 'faulty')
  serving = await serve(config)
  await serving.allRun()
}, 60_000)

afterAll(async () => {
  await serving.close()
  await closeWorld()
})

describe('/metrics', () => {
  test('is in the format, with every family named once, and has what both domains say', async () => {
    const { status, headers, body } = await serving.get('/metrics')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const series = parseMetrics(body)
    expect(series.get('mailcheck_run_success{domain="good.example"}')).toBe(1)
    expect(series.get('mailcheck_findings{domain="good.example",severity="critical"}')).toBe(0)
    expect(series.get('mailcheck_findings{domain="faulty.example",severity="critical"}')).toBeGreaterThan(0)
    expect(series.get('mailcheck_spf_lookups{domain="good.example"}')).toBeGreaterThanOrEqual(0)
    expect(series.get('mailcheck_config_last_reload_successful')).toBe(1)
    expect(series.get('mailcheck_targets{module="dns"}')).toBe(2)
    expect(series.get('mailcheck_runs_total{module="sessions",outcome="success"}')).toBe(2)
    const names = [...series.keys()]
    const ofDomain = families.filter(({ of }) => of === 'domain').map(({ name }) => name)
    const absent = ofDomain.filter(name => !names.some(key => key.startsWith(`${name}{`)))
    expect(absent).toEqual(['mailcheck_check_unknown', 'mailcheck_unknown', 'mailcheck_check_waived', 'mailcheck_domain_registration_expiry_timestamp_seconds', 'mailcheck_dnsbl_listed'])
  })

  test('names nothing otherwise than the conventions of Prometheus have it', async () => {
    const { body } = await serving.get('/metrics')
    for (const [, name = '', type] of body.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
      expect(name).toMatch(/^(?:mailcheck|process|nodejs)_[a-z0-9_]+$/)
    }
  })

  test('has fails one by one with the time of their decision, and passes counted', async () => {
    const series = parseMetrics((await serving.get('/metrics')).body)
    const names = [...series.keys()]
    const states = names.filter(name => name.startsWith('mailcheck_check_state{domain="faulty.example"'))
    expect(states.length).toBeGreaterThan(5)
    expect(states.every(name => name.includes('state="fail"'))).toBe(true)
    expect(names.filter(name => name.startsWith('mailcheck_check_state{domain="good.example"') && /severity="(?:critical|error|warning)"/.test(name))).toEqual([])
    for (const name of states) {
      const labels = name.replace('mailcheck_check_state', 'mailcheck_check_decided_timestamp_seconds').replace(',state="fail"', '')
      expect(series.get(labels)).toBe(Date.parse('2026-11-23T10:00:00Z') / 1000)
    }
    expect(series.get('mailcheck_checks_passed{domain="good.example",topic="spf"}')).toBeGreaterThan(3)
  })

  test('measures endpoints, certificates and the steps of sessions', async () => {
    const series = parseMetrics((await serving.get('/metrics')).body)
    const of = (name: string, rest: RegExp): number[] => [...series].filter(([key]) => key.startsWith(`${name}{domain="good.example"`) && rest.test(key)).map(([, value]) => value)
    expect(of('mailcheck_endpoint_up', /service="smtp"/)).not.toEqual([])
    expect(new Set(of('mailcheck_endpoint_up', /./))).toEqual(new Set([1]))
    const [before = 0] = of('mailcheck_certificate_not_before_timestamp_seconds', /service="imaps"/)
    const [after = 0] = of('mailcheck_certificate_not_after_timestamp_seconds', /service="imaps"/)
    expect(after).toBeGreaterThan(before)
    for (const ratio of of('mailcheck_certificate_lifetime_remaining_ratio', /./)) expect(ratio > 0 && ratio <= 1).toBe(true)
    expect(of('mailcheck_tls_version_info', /version="TLSv1.3"/).length).toBeGreaterThan(0)
    for (const phase of ['dns', 'connect', 'greeting', 'ehlo', 'starttls', 'handshake']) {
      const times = of('mailcheck_probe_phase_duration_seconds', new RegExp(`service="smtp",phase="${phase}"`))
      expect([phase, times.length > 0]).toEqual([phase, true])
      for (const time of times) expect(time >= 0 && time < 3).toBe(true)
    }
  })

  test('keeps to 200 series a domain', async () => {
    const names = [...parseMetrics((await serving.get('/metrics')).body).keys()]
    for (const domain of ['good.example', 'faulty.example']) {
      expect(names.filter(name => name.includes(`{domain="${domain}"`)).length).toBeLessThanOrEqual(200)
    }
  })
})

describe('/probe', () => {
  test('a scheduled target gets its last finished run, with passes one by one', async () => {
    const runs = parseMetrics((await serving.get('/metrics')).body).get('mailcheck_runs_total{module="dns",outcome="success"}')
    const { status, body } = await serving.get('/probe?target=Good.Example&module=dns')
    expect(status).toBe(200)
    const series = parseMetrics(body)
    expect(series.get('mailcheck_probe_success')).toBe(1)
    expect(series.get('mailcheck_probe_duration_seconds')).toBeGreaterThan(0)
    expect(series.get('mailcheck_check_state{domain="good.example",check="spf/record-exists",subject="good.example",severity="error",state="pass"}') ??
      [...series.keys()].find(name => name.includes('spf/record-exists'))).toBe(1)
    expect([...series.keys()].some(name => name.includes('session-opens'))).toBe(false)
    expect([...series.keys()].some(name => name.startsWith('process_'))).toBe(false)
    expect(parseMetrics((await serving.get('/metrics')).body).get('mailcheck_runs_total{module="dns",outcome="success"}')).toBe(runs)
  })

  test('debug shows the report and what was said', async () => {
    const { status, headers, body } = await serving.get('/probe?target=good.example&module=sessions&debug=true')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(body).toMatch(/Session mx1?\S*good\.example\[.*\]:25:\n +\d+ ms S: 220 /)
    expect(body).toContain('"schema": "mailcheck.reports/1"')
  })

  test.each([
    ['/probe', 400], ['/probe?target=', 400], ['/probe?target=..%2Fetc%2Fpasswd', 400], ['/probe?target=192.0.2.1', 400],
    ['/probe?target=good.example&module=nonsense', 400], ['/probe?target=parked.example&module=dns', 403], ['/probe?target=localhost', 400],
  ])('%s: %i', async (path, status) => {
    expect((await serving.get(path)).status).toBe(status)
  })

  test('a scrape timeout that is none is refused', async () => {
    for (const value of ['soon', '-1', '0', 'NaN', '1e3']) {
      expect((await serving.get('/probe?target=good.example&module=dns', { headers: { 'X-Prometheus-Scrape-Timeout-Seconds': value } })).status).toBe(400)
    }
  })
})

describe('pages', () => {
  test('the status page names every domain and links to its report', async () => {
    const { status, headers, body } = await serving.get('/')
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('report/good.example')
    expect(body).toContain('report/faulty.example')
  })

  test('a report holds what all modules found', async () => {
    const { status, body } = await serving.get('/report/faulty.example.json')
    expect(status).toBe(200)
    const { schema, reports } = JSON.parse(body) as { schema: string; reports: { domain: string; findings: { check: string }[]; questions: object }[] }
    expect(schema).toBe('mailcheck.reports/1')
    expect(reports.length).toBe(1)
    const topics = new Set(reports[0]?.findings.map(({ check }) => check.split('/')[0]))
    expect(['spf', 'smtp', 'imap'].filter(topic => !topics.has(topic))).toEqual([])
    expect((await serving.get('/report/faulty.example')).body).toContain('<h1>')
  })

  test.each([
    ['/report/', 400], ['/report/parked.example', 404], ['/report/..%2f..%2fetc', 400], ['/report/%ff', 400], ['/report/%00.json', 400],
    ['/report/good.example/more', 400], ['/nonsense', 404], ['/constructor', 404], ['/__proto__', 404], ['//evil.example/metrics', 400],
  ])('%s: %i', async (path, status) => {
    expect((await serving.get(path)).status).toBe(status)
  })

  test('every answer forbids what a page could load, run or be framed by', async () => {
    for (const path of ['/', '/metrics', '/report/good.example', '/report/good.example.json', '/sd', '/-/healthy', '/nonsense', '/probe']) {
      const { headers } = await serving.get(path)
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
      expect(headers['content-security-policy']).not.toMatch(/unsafe|script-src/)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-type']).toMatch(/charset=utf-8/)
    }
  })

  test('service discovery lists the domains', async () => {
    const { headers, body } = await serving.get('/sd')
    expect(headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(body)).toEqual([{ targets: ['faulty.example', 'good.example'], labels: {} }])
  })
})

describe('methods', () => {
  test('HEAD is GET without a body', async () => {
    for (const path of ['/', '/metrics', '/sd']) {
      const { status, body } = await serving.get(path, { method: 'HEAD' })
      expect([status, body]).toEqual([200, ''])
    }
  })

  test('others are refused, and a reload is asked for by POST alone', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']) {
      const { status, headers } = await serving.get('/metrics', { method })
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD'])
    }
    const { status, headers } = await serving.get('/-/reload')
    expect([status, headers.allow]).toEqual([405, 'POST'])
    expect((await serving.get('/-/reload', { method: 'POST' })).status).toBe(200)
  })
})

describe('limits', () => {
  test('a long request line, long headers, a long body', async () => {
    expect((await serving.get(`/${'a'.repeat(3000)}`)).status).toBe(414)
    expect((await serving.get('/metrics', { headers: { 'X-Long': 'a'.repeat(20_000) } })).status).toBe(431)
    await expect(sent(serving.server.url, `POST /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(300_000)}`)).resolves.toMatch(/^(?:HTTP\/1.1 405[^]*)?$/)
  })

  test('who is slow to ask or to listen is cut off, and holds up nobody', async () => {
    const hasty = await startServer(serving.service, { host: '127.0.0.1', port: 0, access: null, version: '0', limits: { head: 1500, request: 2000, idle: 2000, answer: 2000 } }, () => undefined)
    const slow = Number(new URL(hasty.url).port)
    const ended = (socket: Socket): Promise<string> => new Promise(resolve => {
      let heard = ''
      socket.setEncoding('latin1').on('data', (text: string) => (heard += text)).on('error', () => undefined).on('close', () => resolve(heard))
    })
    const asking = Array.from({ length: 20 }, () => connect({ host: '127.0.0.1', port: slow }, function (this: Socket) { this.write('GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow') }))
    const deaf = connect({ host: '127.0.0.1', port: slow }, () => deaf.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20)))
    deaf.pause().on('error', () => undefined)
    const over = Promise.all(asking.map(ended))
    expect((await get(hasty.url, '/-/healthy')).status).toBe(200)
    expect((await over).every(heard => heard === '' || heard.startsWith('HTTP/1.1 408 '))).toBe(true)
    const gone = ended(deaf)
    await hasty.close(100) // ends, although that one still does not listen
    deaf.resume()
    expect((await gone).length).toBeGreaterThan(0)
  })

  test('what is no HTTP is refused', async () => {
    expect(await sent(serving.server.url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
    expect(await sent(serving.server.url, 'GET http://other.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('before the first run', () => {
  let fresh: Serving | undefined
  afterEach(async () => {
    await fresh?.close()
    fresh = undefined
  })

  test('ready says no, a report says when to ask again, and a probe waits for the run', async () => {
    fresh = await serve('domains: { good.example: {} }', { idle: true })
    expect((await fresh.get('/-/healthy')).status).toBe(200)
    expect((await fresh.get('/-/ready')).status).toBe(503)
    fresh.service.start()
    expect((await fresh.get('/-/ready')).status).toBe(200)
    const { status, headers } = await fresh.get('/report/good.example')
    expect([status, headers['retry-after']]).toEqual([503, '10'])
    expect(parseMetrics((await fresh.get('/probe?target=good.example&module=sessions')).body).get('mailcheck_probe_success')).toBe(1)
    expect((await fresh.get('/report/good.example')).status).toBe(200)
  })
})

/** Sends octets, and resolves with what comes back until the connection ends. */
function sent(base: string, text: string): Promise<string> {
  return new Promise(resolve => {
    const { hostname, port } = new URL(base)
    let answer = ''
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(text))
    socket.setEncoding('latin1').on('data', (piece: string) => {
      answer += piece
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
  })
}

