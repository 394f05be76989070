/** Signed messages for the tests: a signer of their own, which follows RFC 6376 §5 in the plainest way. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

export interface Signer {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256'
  readonly key: KeyObject
  /** What stands in the DNS. */
  readonly record: string
}

const made = new Map<string, Signer>()

/** Made once a process. */
export function signer(kind: 'rsa2048' | 'rsa1024' | 'rsa768' | 'ed25519'): Signer {
  const known = made.get(kind)
  if (known) return known
  const { publicKey, privateKey } = kind === 'ed25519' ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('rsa', { modulusLength: Number(kind.slice(3)) })
  const der = publicKey.export({ format: 'der', type: 'spki' })
  const p = (kind === 'ed25519' ? der.subarray(-32) : der).toString('base64')
  const own: Signer = {
    key: privateKey, algorithm: kind === 'ed25519' ? 'ed25519-sha256' : 'rsa-sha256',
    record: `v=DKIM1; k=${kind === 'ed25519' ? 'ed25519' : 'rsa'}; p=${p}`,
  }
  made.set(kind, own)
  return own
}

export function relaxedField(field: string): string {
  const [name = '', ...value] = field.split(':')
  return `${name.trim().toLowerCase()}:${value.join(':').replace(/\r\n/g, '').replace(/[ \t]+/g, ' ').trim()}`
}

export function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map(line => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.map(line => `${line}\r\n`).join('')
}

export function simpleBody(body: string): string {
  return `${body.replace(/(\r\n)*$/, '')}\r\n`
}

export interface SignOptions {
  readonly signer?: Signer
  readonly domain?: string
  readonly selector?: string
  readonly form?: string
  readonly headers?: readonly string[]
  readonly tags?: string
  readonly length?: number
}

/** The DKIM-Signature field for these fields (each without its line end) and this body. */
export function signature(fields: readonly string[], body: string, options: SignOptions = {}): string {
  const { signer: by = signer('rsa2048'), domain = 'example.com', selector = 's1', form = 'relaxed/relaxed', headers = ['from', 'to', 'subject'], tags = '', length } = options
  const [headerForm, bodyForm = 'simple'] = form.split('/')
  const canonical = bodyForm === 'relaxed' ? relaxedBody(body) : simpleBody(body)
  const bh = createHash('sha256').update(length === undefined ? canonical : canonical.slice(0, length), 'latin1').digest('base64')
  const own = `DKIM-Signature: v=1; a=${by.algorithm}; c=${form}; d=${domain}; s=${selector};${tags}${length === undefined ? '' : ` l=${length};`}\r\n\th=${headers.join(':')}; bh=${bh}; b=`
  const left = [...fields]
  const chosen = headers.flatMap(name => {
    const at = left.findLastIndex(field => field.toLowerCase().startsWith(`${name.toLowerCase()}:`))
    return at < 0 ? [] : left.splice(at, 1)
  })
  const form2 = (field: string): string => headerForm === 'relaxed' ? relaxedField(field) : field
  return `${own}${signOctets(by, `${chosen.map(field => `${form2(field)}\r\n`).join('')}${form2(own)}`)}`
}

export function signOctets(by: Signer, octets: string): string {
  const data = Buffer.from(octets, 'latin1')
  return (by.algorithm === 'ed25519-sha256' ? sign(null, createHash('sha256').update(data).digest(), by.key) : sign('sha256', data, by.key)).toString('base64')
}

/** A whole message, its fields and its body. */
export function message(fields: readonly string[], body: string): Buffer {
  return Buffer.from(`${fields.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}
