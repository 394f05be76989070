/**
 * A certificate revocation list (RFC 5280 §5): the serial numbers that an authority takes back, each with the date and often
 * the reason, signed, and good until the next one is due (nextUpdate). Authorities with many certificates part the list: the
 * issuing distribution point (§5.2.5) then says which part this is. Delta lists are not read: the whole list is enough.
 */
import { eachDer, readDer, readDerInside, readOid, SEQUENCE, type DerValue } from './der.ts'
import { isSignedBy, readSigned, type Signer } from './signed-by.ts'
import { nameKey, readPointUrls, readTime, type X509 } from './x509.ts'

/** What a list says of one certificate. */
export interface CrlSaying {
  /** RFC 3339. */
  readonly thisUpdate: string
  /** When the next one is due at the latest; null when it does not say. */
  readonly nextUpdate: string | null
  /** By the issuer of the certificate; null when that one’s key is not known. */
  readonly signed: boolean | null
  /** Why it cannot be heard about this certificate (§6.3.3): then `revoked` means nothing. */
  readonly foreign: CrlMismatch | null
  /** It is for some reasons of revocation alone: who is not on it may be on another. */
  readonly partial: boolean
  readonly revoked: Revocation | null
}

export interface Revocation {
  /** RFC 3339. */
  readonly date: string
  /** `keyCompromise`; null when it is not told. */
  readonly reason: string | null
}

export type CrlMismatch =
  | 'issuer' // of another authority
  | 'point' // another part of the list
  | 'kind' // of authorities, or of attribute certificates
  | 'delta' // what changed since another list
  | 'extension' // it demands what is not understood here

/** Those that are processed; any other that is critical forbids to use the list (§5.2, §5.3). */
const listExtensions: ReadonlySet<string> = new Set(['2.5.29.28', '2.5.29.27', '2.5.29.35', '2.5.29.20', '2.5.29.46'])
const entryExtensions: ReadonlySet<string> = new Set(['2.5.29.21', '2.5.29.24', '2.5.29.29'])
const reasons = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold', null,
  'removeFromCRL', 'privilegeWithdrawn', 'aACompromise',
]
const critical = Buffer.of(0x01, 0x01, 0xff)

/** Reads a list for this certificate; null for what is no list. Never throws. */
export function readCrl(der: Buffer, certificate: X509, issuers: readonly Signer[]): CrlSaying | null {
  const parts = readSigned(der)
  const fields = parts?.[0].tag === SEQUENCE ? readDer(parts[0].content) : null
  if (!parts || !fields) return null
  const [said, algorithm, signature] = parts
  if (fields[0]?.tag === 0x02) fields.shift() // version 2; version 1 does not say it
  const [, issuer, from, ...rest] = fields
  const thisUpdate = from && readTime(from)
  const issuerKey = issuer && nameKey(issuer)
  if (!thisUpdate || Number.isNaN(thisUpdate.getTime()) || !issuerKey) return null
  const nextUpdate = rest[0] && (rest[0].tag === 0x17 || rest[0].tag === 0x18) ? readTime(rest[0]) ?? null : null
  const entries = rest.find(({ tag }) => tag === SEQUENCE)
  const extensions = readExtensions(readDer(rest.find(({ tag }) => tag === 0xa0)?.content ?? Buffer.alloc(0))?.[0])
  const { mismatch, partial, indirect } = scopeOf(extensions, certificate)
  const mayList = issuers.filter(({ listsNothing, subject }) => !listsNothing && (subject === null || subject === issuerKey))
  const foreign = issuerKey === certificate.issuer ? mismatch : 'issuer'
  const found = foreign === null && entries ? find(entries.content, certificate, indirect) : null
  return {
    thisUpdate: moment(thisUpdate),
    nextUpdate: nextUpdate && !Number.isNaN(nextUpdate.getTime()) ? moment(nextUpdate) : null,
    signed: issuers.length === 0 ? null : mayList.some(({ key }) => isSignedBy(said.whole, algorithm, signature, key)),
    foreign: foreign ?? (found === 'extension' ? found : null),
    partial,
    revoked: found === 'extension' ? null : found,
  }
}

type Extensions = ReadonlyMap<string, { readonly critical: boolean; readonly value: Buffer }>

function readExtensions(list: DerValue | undefined): Extensions {
  const extensions = new Map<string, { critical: boolean; value: Buffer }>()
  for (const { content } of (list ? readDer(list.content) ?? [] : []).slice(0, 100)) {
    const [id, ...rest] = readDer(content) ?? []
    const oid = id && readOid(id.content)
    const value = rest.at(-1)
    if (oid && value?.tag === 0x04) extensions.set(oid, { critical: rest[0]?.tag === 0x01 && rest[0].content[0] !== 0, value: value.content })
  }
  return extensions
}

/** §6.3.3 (b) (2): is the certificate among those of which this list speaks? */
function scopeOf(extensions: Extensions, { ca, crlPoints }: X509): { mismatch: CrlMismatch | null; partial: boolean; indirect: boolean } {
  const known = (mismatch: CrlMismatch | null, partial = false, indirect = false) => ({ mismatch, partial, indirect })
  if (extensions.has('2.5.29.27')) return known('delta')
  if ([...extensions].some(([oid, one]) => one.critical && !listExtensions.has(oid))) return known('extension')
  const point = extensions.get('2.5.29.28')
  if (!point) return known(null)
  const parts = readDerInside(point.value)
  if (!parts) return known('extension')
  const isTrue = (tag: number): boolean => parts.some(part => part.tag === tag && part.content[0] !== 0)
  const name = parts.find(({ tag }) => tag === 0xa0)
  if (name) {
    const urls = new Set(readPointUrls(name))
    if (!crlPoints.some(one => one.urls.some(url => urls.has(url)))) return known('point')
  }
  if (isTrue(0x85) || (isTrue(0x81) && ca === true) || (isTrue(0x82) && ca !== true)) return known('kind')
  return known(null, parts.some(({ tag }) => tag === 0x83), isTrue(0x84))
}

/** The entry with the serial number, of the certificate's issuer: in an indirect list each may be of another (§5.3.3). */
function find(entries: Buffer, { serial, issuer }: X509, indirect: boolean): Revocation | 'extension' | null {
  const wanted = Buffer.from(serial, 'hex')
  const demanding = entries.includes(critical)
  let of = issuer
  for (const { content } of eachDer(entries)) {
    if (demanding) {
      const extensions = readExtensions(readDer(content)?.[2])
      if ([...extensions].some(([oid, one]) => one.critical && !entryExtensions.has(oid))) return 'extension'
      const other = indirect ? extensions.get('2.5.29.29') : undefined
      if (other) of = issuerIn(other.value)
    }
    if (of !== issuer || !hasSerial(content, wanted)) continue
    const [, date, more] = readDer(content) ?? []
    const time = date && readTime(date)
    const reason = readDer(readExtensions(more).get('2.5.29.21')?.value ?? Buffer.alloc(0))?.[0]
    const code = reason?.tag === 0x0a ? reasons[reason.content[0] ?? 7] ?? null : null
    if (code === 'removeFromCRL') continue
    return { date: time && !Number.isNaN(time.getTime()) ? moment(time) : '', reason: code }
  }
  return null
}

/** Without copies: a list may have a million entries. */
function hasSerial(entry: Buffer, wanted: Buffer): boolean {
  const length = entry[1] ?? 0x80
  if (entry[0] !== 0x02 || length > 0x7f || 2 + length > entry.length) return false
  let start = 2
  while (start < 1 + length && entry[start] === 0) start++
  return entry.compare(wanted, 0, wanted.length, start, 2 + length) === 0
}

/** GeneralNames with a directoryName [4]. */
function issuerIn(value: Buffer): string {
  const directory = readDerInside(value)?.find(({ tag }) => tag === 0xa4)
  const name = directory && readDer(directory.content)?.[0]
  return (name && nameKey(name)) ?? ''
}

function moment(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`
}
