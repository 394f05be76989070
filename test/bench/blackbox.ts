/** The same endpoints by Debian's blackbox exporter, as people watch mail servers with it today: CPU for each connection. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'
import type { Lab } from './lab.ts'
import { cpuSeconds } from './worker.ts'

const program = '/usr/bin/prometheus-blackbox-exporter'
const tls = { insecure_skip_verify: true }
const modules = {
  smtp_starttls: { prober: 'tcp', timeout: '5s', tcp: { preferred_ip_protocol: 'ip4', tls_config: tls, query_response: [
    { expect: '^220 ' }, { send: 'EHLO prober.example\r' }, { expect: '^250[ -]STARTTLS' }, { send: 'STARTTLS\r' }, { expect: '^220' }, { starttls: true },
    { send: 'EHLO prober.example\r' }, { expect: '^250 ' }, { send: 'QUIT\r' },
  ] } },
  imaps: { prober: 'tcp', timeout: '5s', tcp: { preferred_ip_protocol: 'ip4', tls: true, tls_config: tls, query_response: [
    { expect: '^\\* OK' }, { send: 'a1 CAPABILITY\r' }, { expect: '^a1 OK' }, { send: 'a2 LOGOUT\r' },
  ] } },
  pop3s: { prober: 'tcp', timeout: '5s', tcp: { preferred_ip_protocol: 'ip4', tls: true, tls_config: tls, query_response: [
    { expect: '^\\+OK' }, { send: 'CAPA\r' }, { expect: '^\\.' }, { send: 'QUIT\r' },
  ] } },
} as const
const portOf = { smtp_starttls: 25, imaps: 993, pop3s: 995 } as const

/** CPU seconds for each connection, over so many of them; null where the exporter is not installed. */
export async function blackbox(lab: Lab, connections: number): Promise<{ readonly perConnection: number; readonly failed: number } | null> {
  if (!existsSync(program)) return null
  const folder = mkdtempSync(join(tmpdir(), 'mailcheck-blackbox-'))
  const file = join(folder, 'blackbox.yml')
  writeFileSync(file, stringify({ modules }))
  const port = await freePort()
  const child = spawn(program, [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
  process.once('exit', () => child.kill('SIGKILL'))
  try {
    const url = `http://127.0.0.1:${port}`
    for (let tries = 0; !(await fetch(`${url}/-/healthy`).catch(() => null))?.ok; tries++) {
      if (tries > 100) throw new Error('the blackbox exporter does not answer')
      await pause(100)
    }
    const targets = (Object.keys(portOf) as (keyof typeof portOf)[]).flatMap(module => Object.entries(lab.routes)
      .filter(([from]) => from.endsWith(` ${portOf[module]}`) && from.includes(module === 'smtp_starttls' ? '.25 ' : '.143 '))
      .map(([, local]) => `module=${module}&target=127.0.0.1:${local}`))
    const probe = async (query: string): Promise<boolean> => /^probe_success 1$/m.test(await (await fetch(`${url}/probe?${query}`)).text())
    await Promise.all(targets.slice(0, 20).map(probe)) // warm
    const before = cpuSeconds(child.pid ?? 0)
    let failed = 0
    let next = 0
    await Promise.all(Array.from({ length: 10 }, async () => {
      while (next < connections) if (!await probe(targets[next++ % targets.length] ?? '')) failed++
    }))
    return { perConnection: (cpuSeconds(child.pid ?? 0) - before) / connections, failed }
  } finally {
    const ended = once(child, 'close')
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
