/**
 * A small world of real servers: NSD with a signed tree from the root down, Unbound validating it, nginx for MTA-STS policies,
 * and per mail host one Postfix and one Dovecot on the true ports. It lives in the two network namespaces that run.sh makes, Unbound on our side of
 * the wire and the servers on the other; nothing here can reach, or be reached from, anywhere else.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createAuthority, type CertificateOptions, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { associationData } from '../../src/syntax/tlsa-association.ts'
import { addresses, hosts, type MailHost } from './hosts.ts'

const here = import.meta.dirname
const dir = mkdtempSync(join(tmpdir(), 'mailcheck-real-'))
/** The namespace of the servers. */
const servers = process.env['MAILCHECK_REAL_SERVERS'] ?? ''

const stops: (() => void)[] = []
const children: ChildProcess[] = []

export async function setup(): Promise<void> {
  try {
    for (const address of Object.values(addresses)) {
      run('ip', ['-n', servers, 'address', 'add', `${address}/${address.includes(':') ? '128' : '32'}`, 'dev', 'lo', ...(address.includes(':') ? ['nodad'] : [])])
    }
    const authority = await createAuthority('Real World Root')
    writeFileSync(join(dir, 'ca.pem'), authority.pem)
    process.env['MAILCHECK_REAL_CA'] = join(dir, 'ca.pem')
    process.env['MAILCHECK_REAL_POSTFIX'] = join(dir, 'good', 'postfix')
    const intermediate = await authority.intermediate('Real World Issuing CA')
    const issued = new Map(await Promise.all(hosts.map(async host =>
      [host, await (host.incomplete ? intermediate : authority).issue(certificateOf(host))] as const)))
    serveDns([...issued].find(([{ name }]) => name === 'good')?.[1])
    serveWeb(await authority.issue({ names: ['mta-sts.good.example', 'mta-sts.sts.example'] }))
    serveMilters()
    for (const [host, certificate] of issued) {
      const { second, nameless } = host
      await serveMail(host, certificate, {
        ...(second ? { second: await authority.issue({ ...certificateOf(host), key: 'rsa2048', notBefore: longAgo(100), notAfter: longAgo(10) }) } : {}),
        ...(nameless === undefined ? {} : { nameless: await authority.issue({ names: [nameless] }) }),
      })
    }
    const ports = [25, 465, 587, 143, 993, 110, 995]
    await Promise.all([
      listening(addresses.DNS, 53), listening(addresses.DNS2, 53), listening('127.0.0.1', 53), listening(addresses.WEB4, 443),
      ...hosts.flatMap(host => host.addresses.flatMap(address => ports.map(port => listening(address, port)))),
    ])
  } catch (error) {
    await teardown()
    throw error
  }
}

export async function teardown(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) stop()
  const ending = children.splice(0).filter(child => child.exitCode === null && child.signalCode === null)
  await Promise.all(ending.map(child => new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })))
  if (process.env['KEEP_REAL'] === undefined) rmSync(dir, { recursive: true, force: true })
}

function run(command: string, args: readonly string[], cwd = dir): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function start(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
}

/** A file of this folder, with its placeholders filled. */
function fill(file: string, values: Readonly<Record<string, string>>): string {
  return readFileSync(join(here, file), 'utf8').replace(/@([A-Z0-9]+)@/g, (whole, name: string) => values[name] ?? whole)
}

/** Waits until something accepts a connection there; gives up after 30 s. */
async function listening(host: string, port: number): Promise<void> {
  const until = Date.now() + 30_000
  for (;;) {
    const open = await new Promise<boolean>(resolve => {
      const socket = connect({ host, port })
      socket.once('connect', () => { socket.destroy(); resolve(true) })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    if (Date.now() > until) throw new Error(`nothing listens on ${host} port ${port}${logs()}`)
    await pause(50)
  }
}

function logs(): string {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.log'))
  return files.map(file => `\n--- ${file}\n${readFileSync(join(dir, file), 'utf8').slice(-2000)}`).join('')
}

/** `good` is what mx1.good.example shows on port 25. */
function serveDns(good: IssuedCertificate | undefined): void {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(join(dir, 'dkim.pem'), pair.privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  const key = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const record = `v=DKIM1; k=rsa; p=${key}`
  const values = {
    ...addresses, DKIM: (record.match(/.{1,255}/g) ?? []).map(part => `"${part}"`).join(' '),
    CURRENT: associationData(good?.der.toString('base64') ?? '', 1, 1) ?? '', NEXT: randomBytes(32).toString('hex'),
  }
  const signed = ['good.example', 'mismatch.example', 'bogus.example', 'example', 'root'] // children first: their DS records go into the parent
  const names = readdirSync(join(here, 'zones')).map(file => file.replace(/\.zone$/, '')).filter(name => name !== 'plain')
  const files = new Map(names.map(name => [name, `${name}.zone`]))
  for (const name of names) writeFileSync(join(dir, `${name}.zone`), fill(join('zones', `${name}.zone`), values))
  for (const { domain, addresses: [address = ''] } of hosts.filter(host => !files.has(host.domain))) {
    writeFileSync(join(dir, `${domain}.zone`), fill(join('zones', 'plain.zone'), { ...values, DOMAIN: domain, ADDRESS: address }))
    files.set(domain, `${domain}.zone`)
  }
  for (const name of signed) {
    const zone = name === 'root' ? '.' : name
    const keyFile = run('ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', zone]).trim()
    run('ldns-signzone', ['-n', '-o', zone, `${name}.zone`, keyFile])
    files.set(name, `${name}.zone.signed`)
    const vouched = name === 'bogus.example' ? run('ldns-keygen', ['-a', 'ECDSAP256SHA256', '-k', zone]).trim() : keyFile
    const ds = run('ldns-key2ds', ['-n', '-2', `${vouched}.key`])
    if (name === 'root') writeFileSync(join(dir, 'root.anchor'), readFileSync(join(dir, `${keyFile}.key`)))
    else {
      const parent = name === 'example' ? 'root' : 'example'
      writeFileSync(join(dir, `${parent}.zone`), `${readFileSync(join(dir, `${parent}.zone`), 'utf8')}\n${ds}`)
    }
  }
  const zones = [...files].map(([name, file]) => `zone:\n  name: "${name === 'root' ? '.' : name}"\n  zonefile: "${file}"`).join('\n')
  writeFileSync(join(dir, 'nsd.conf'), fill('nsd.conf', { DIR: dir, ADDRESS: addresses.DNS, SECOND: addresses.DNS2, ZONES: zones }))
  writeFileSync(join(dir, 'root.hints'), `. 3600 NS ns.example.\nns.example. 3600 A ${addresses.DNS}\n`)
  writeFileSync(join(dir, 'unbound.conf'), fill('unbound.conf', { DIR: dir }))
  start('ip', ['netns', 'exec', servers, 'nsd', '-d', '-c', join(dir, 'nsd.conf')])
  start('unbound', ['-d', '-c', join(dir, 'unbound.conf')])
  // what the mail servers ask: the same, on their side of the wire
  start('ip', ['netns', 'exec', servers, 'unbound', '-d', '-c', join(dir, 'unbound.conf')])
}

/** The MTA-STS policies: one that lists the MX host, one that leaves it out. */
function serveWeb(issued: IssuedCertificate): void {
  const home = join(dir, 'web')
  const certificate = join(home, 'certificate.pem')
  for (const [name, host] of [['good', 'mx1.good.example'], ['sts', 'mx2.good.example']] as const) {
    mkdirSync(join(home, name, '.well-known'), { recursive: true })
    writeFileSync(join(home, name, '.well-known', 'mta-sts.txt'), `version: STSv1\nmode: enforce\nmx: ${host}\nmax_age: 2419200\n`)
  }
  writeFileSync(certificate, issued.keyPem + issued.pem, { mode: 0o600 })
  writeFileSync(join(home, 'nginx.conf'), fill('nginx.conf', { DIR: home, ADDRESS: addresses.WEB4, CERTIFICATE: certificate }))
  start('ip', ['netns', 'exec', servers, 'nginx', '-e', join(home, 'nginx.log'), '-c', join(home, 'nginx.conf')])
}

function certificateOf({ certificateNames: names, notBefore, notAfter, rsa }: MailHost): CertificateOptions {
  return { names, notBefore, notAfter, ...(rsa ? { key: 'rsa2048' } : {}) }
}

function longAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000)
}

interface FurtherCertificates {
  readonly second?: IssuedCertificate
  readonly nameless?: IssuedCertificate
}

async function serveMail(host: MailHost, issued: IssuedCertificate, { second, nameless }: FurtherCertificates): Promise<void> {
  const home = join(dir, host.name)
  const dovecot = join(home, 'dovecot')
  const postfix = join(home, 'postfix')
  for (const path of [dovecot, join(dovecot, 'mail'), postfix, join(postfix, 'queue'), join(postfix, 'data')]) mkdirSync(path, { recursive: true, mode: 0o755 })
  const write = (name: string, { keyPem, pem }: IssuedCertificate): string => {
    writeFileSync(join(home, name), keyPem + pem, { mode: 0o600 })
    return join(home, name)
  }
  const certificate = write('certificate.pem', issued)
  const other = second && write('second.pem', second)
  const password = randomBytes(12).toString('hex')
  writeFileSync(join(dovecot, 'users'), ['probe', ...host.mailboxes?.users ?? []].map(user => `${user}@${host.domain}:{PLAIN}${password}\n`).join(''))
  if (host.mailboxes) {
    process.env[`MAILCHECK_REAL_PASSWORD_${host.name.toUpperCase()}`] = password
    writeFileSync(join(dovecot, 'default.sieve'), fill('default.sieve', {}))
  }
  if (host.tokens) {
    process.env['MAILCHECK_REAL_PASSWORD'] = password
    process.env['MAILCHECK_REAL_TOKEN'] = permitTokens(dovecot, `probe@${host.domain}`)
  }
  writeFileSync(join(dovecot, 'dovecot.conf'), fill('dovecot.conf', {
    DIR: dovecot, CERTIFICATE: nameless ? write('nameless.pem', nameless) : certificate, ADDRESSES: host.addresses.join(', '), NOCLEAR: host.clear ? 'no' : 'yes',
    EXTRA: [
      host.dovecot ?? '',
      ...(other === undefined ? [] : [`ssl_alt_cert = <${other}\nssl_alt_key = <${other}`]),
      ...(nameless ? [`local_name ${host.host} {\n  ssl_cert = <${certificate}\n  ssl_key = <${certificate}\n}`] : []),
      ...(host.mailboxes ? [fill('dovecot-mailboxes.conf', { DIR: dovecot, PORT: String(host.mailboxes.lmtp) })] : []),
      ...(host.onlyTls ? [`import_environment = OPENSSL_CONF=${join(dovecot, 'openssl.cnf')}`] : []),
      ...(host.tokens ? [`passdb {\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = ${join(dovecot, 'oauth2.conf')}\n}`] : []),
    ].join('\n'),
  }))
  if (host.onlyTls) writeFileSync(join(dovecot, 'openssl.cnf'), fill('openssl.cnf', { VERSION: host.onlyTls }))
  run('chown', ['-R', 'postfix', join(postfix, 'data')])
  run('chown', ['mail:mail', join(dovecot, 'mail')]) // Dovecot opens no mailbox as root
  writeFileSync(join(postfix, 'main.cf'), fill('postfix/main.cf', {
    DIR: postfix, HOST: host.host, DOMAIN: host.domain, ADDRESSES: host.addresses.join(', '),
    CERTIFICATE: other === undefined ? certificate : `${certificate}, ${other}`, DOVECOT: dovecot, EXTRA: host.postfix ?? '',
  }))
  writeFileSync(join(postfix, 'master.cf'), readFileSync(join(here, 'postfix/master.cf')))
  run('chmod', ['755', dir])
  start('ip', ['netns', 'exec', servers, 'dovecot', '-F', '-c', join(dovecot, 'dovecot.conf')])
  await appears(join(dovecot, 'auth-smtp'))
  run('ip', ['netns', 'exec', servers, 'postfix', '-c', postfix, 'start'])
  stops.push(() => run('ip', ['netns', 'exec', servers, 'postfix', '-c', postfix, 'stop']))
}

/** Out signs what it takes in; letters verifies what comes, and puts off those whom it greylists. */
function serveMilters(): void {
  for (const [file, program] of [['opendkim-sign.conf', 'opendkim'], ['opendkim-verify.conf', 'opendkim'], ['opendmarc.conf', 'opendmarc']] as const) {
    writeFileSync(join(dir, file), fill(join('milters', file), { DIR: dir }))
    start('ip', ['netns', 'exec', servers, program, '-f', program === 'opendkim' ? '-x' : '-c', join(dir, file)])
  }
  start('ip', ['netns', 'exec', servers, process.execPath, join(here, 'greylist.mjs')])
}

/** Dovecot checks tokens (RFC 7519) by itself, with a key that it finds under their issuer and algorithm. Returns one. */
function permitTokens(dovecot: string, user: string): string {
  const key = randomBytes(32)
  const place = join(dovecot, 'keys', 'default', 'HS256')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'default'), key.toString('base64'))
  writeFileSync(join(dovecot, 'oauth2.conf'), fill('oauth2.conf', { DIR: dovecot }))
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: user, iat: now - 60, nbf: now - 60, exp: now + 3600 })}`
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
}

async function appears(file: string): Promise<void> {
  const until = Date.now() + 30_000
  while (!existsSync(file)) {
    if (Date.now() > until) throw new Error(`${file} did not appear${logs()}`)
    await pause(50)
  }
}
