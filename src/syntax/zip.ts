/**
 * Zip archives, as far as reports come in them: the end-of-central-directory record at the end of the file leads to the central
 * directory, a list of entries with name, method, sizes and place; before each entry's octets stands a local header. Read by
 * the directory alone. Everything in it is a claim: sizes are checked while unpacking, places against the file and each other.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { atOnce, type Steps } from './steps.ts'

export interface ZipEntry {
  /** As it stands: anything may. One character an octet. */
  readonly name: string
  /** The file, or why it cannot be had. */
  readonly content: Uint8Array | { readonly problem: string }
}

export interface ZipLimits {
  readonly entries: number
  /** Octets that may still be unpacked: what was unpacked in vain counts, too. */
  readonly budget: { octets: number }
  /** Unpacked octets for each packed one; small files may have more. */
  readonly ratio: number
}

/** Below this a ratio says nothing. */
const smallFile = 1024 * 1024
const longestEnd = 22 + 65_535

export function isZip(octets: Uint8Array): boolean {
  return octets[0] === 0x50 && octets[1] === 0x4b && ((octets[2] === 3 && octets[3] === 4) || (octets[2] === 5 && octets[3] === 6))
}

/** Octets that an archive of `packed` octets may become. */
export function mostUnpacked(packed: number, { budget, ratio }: Pick<ZipLimits, 'budget' | 'ratio'>): number {
  return Math.min(budget.octets, Math.max(smallFile, packed * ratio))
}

/** Folders are left out. Never throws. */
export function readZip(octets: Uint8Array, limits: ZipLimits): readonly ZipEntry[] | { readonly problem: string } {
  return atOnce(zipSteps(octets, limits))
}

/** The same in steps of an entry. */
export function* zipSteps(octets: Uint8Array, limits: ZipLimits): Steps<readonly ZipEntry[] | { readonly problem: string }> {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  const end = endOf(buffer)
  if (end < 0) return { problem: 'the zip archive has no directory: it is cut off' }
  const count = buffer.readUInt16LE(end + 10)
  const [size, start] = [buffer.readUInt32LE(end + 12), buffer.readUInt32LE(end + 16)]
  if (count === 0xffff || start === 0xffffffff) return { problem: 'the zip archive is of the 64-bit kind, for files larger than any report' }
  if (count > limits.entries) return { problem: `the zip archive has ${count} files: more than ${limits.entries}` }
  if (start + size > end) return { problem: 'the directory of the zip archive does not lie within it' }
  const entries: ZipEntry[] = []
  const taken: { from: number; to: number }[] = []
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || buffer.readUInt32LE(at) !== 0x02014b50) return { problem: 'the directory of the zip archive is damaged' }
    const [flags, method, crc] = [buffer.readUInt16LE(at + 8), buffer.readUInt16LE(at + 10), buffer.readUInt32LE(at + 16)]
    const [packed, unpacked] = [buffer.readUInt32LE(at + 20), buffer.readUInt32LE(at + 24)]
    const nameLength = buffer.readUInt16LE(at + 28)
    const next = at + 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32)
    const local = buffer.readUInt32LE(at + 42)
    const name = buffer.toString('latin1', at + 46, Math.min(at + 46 + nameLength, end))
    at = next
    if (name.endsWith('/') && unpacked === 0) continue
    const problem = (text: string): void => void entries.push({ name, content: { problem: text } })
    if ((flags & 1) !== 0) problem('it is encrypted')
    else if (method !== 0 && method !== 8) problem(`it is packed by method ${method}, which no report is`)
    else if (local + 30 > start || buffer.readUInt32LE(local) !== 0x04034b50) problem('the zip archive has no such file where its directory says')
    else {
      const from = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28)
      const to = from + packed
      if (to > start) problem('the zip archive ends before the file does')
      else if (taken.some(other => from < other.to && other.from < to)) return { problem: 'files of the zip archive lie over one another' }
      else {
        taken.push({ from: local, to })
        yield
        entries.push({ name, content: unpack(buffer.subarray(from, to), { method, crc, unpacked }, limits) })
      }
    }
  }
  return entries
}

function unpack(packed: Buffer, { method, crc, unpacked }: { method: number; crc: number; unpacked: number }, limits: ZipLimits): Uint8Array | { problem: string } {
  if (unpacked > mostUnpacked(packed.length, limits)) return { problem: `it is ${unpacked} octets when unpacked, packed ${packed.length}: more than a report may be` }
  limits.budget.octets -= unpacked
  let content: Uint8Array
  try {
    content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, unpacked) })
  } catch (error) {
    const isLonger = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return { problem: isLonger ? `it is more than ${unpacked} octets when unpacked, which is what the archive says: it is damaged` : 'it cannot be unpacked: it is damaged' }
  }
  if (content.length !== unpacked || crc32(content) !== crc) return { problem: 'it is damaged: its checksum does not fit' }
  return content
}

/** Where the end record begins; behind it may stand a comment. */
function endOf(buffer: Buffer): number {
  for (let at = buffer.length - 22; at >= Math.max(0, buffer.length - longestEnd); at--) {
    if (buffer[at] === 0x50 && buffer.readUInt32LE(at) === 0x06054b50 && at + 22 + buffer.readUInt16LE(at + 20) <= buffer.length) return at
  }
  return -1
}
