/** Planned records from whatever they are written in: which it is, the content tells, and where that does not, the name. */
import type { SourceFormat } from '../plan.ts'
import type { Reading, SourceOptions } from '../planned.ts'

export const sourceFormats = ['bind', 'octodns', 'dnscontrol', 'terraform'] as const satisfies readonly SourceFormat[]
export type FileFormat = (typeof sourceFormats)[number]

/** `octets` is the file, one character an octet. `format` where the user says which it is. */
export async function readSource(octets: string, options: SourceOptions, format?: FileFormat): Promise<Reading> {
  const text = octets.replace(/^\xef\xbb\xbf/, '')
  const binary = text.search(/[\0-\x08\x0e-\x1a\x1c-\x1f]/)
  const chosen = format ?? formatOf(text, options.file)
  if (binary >= 0) {
    const line = text.slice(0, binary).split('\n').length
    const error = { file: options.file, line, column: binary - text.lastIndexOf('\n', binary), message: 'this is no text: there is a control character here' }
    return { format: chosen ?? 'bind', entries: [], notes: [], errors: [error] }
  }
  switch (chosen) {
    case null:
      return { format: 'bind', entries: [], notes: [], errors: [{ file: options.file, line: 1, column: 1, message: unknownJson }] }
    case 'bind':
      return (await import('./bind.ts')).readZoneFile(text, options)
    case 'octodns':
      return (await import('./octodns.ts')).readOctodns(decoded(text), options)
    case 'dnscontrol': {
      const { readDnscontrol, readPreview } = await import('./dnscontrol.ts')
      return preview.test(text) ? readPreview(decoded(text), options) : readDnscontrol(decoded(text), options)
    }
    case 'terraform':
      return (await import('./terraform.ts')).readTerraform(decoded(text), options)
  }
}

const preview = /^(?:\x1b\[[\d;]*m)*\*{5,} Domain: /m
const unknownJson = 'this JSON is neither what "dnscontrol print-ir" prints ("domains") nor what "terraform show -json" prints ("resource_changes")'

function formatOf(text: string, file: string): FileFormat | null {
  if (/^\s*\{/.test(text)) {
    if (/"resource_changes"\s*:/.test(text) || /"terraform_version"\s*:/.test(text)) return 'terraform'
    return /"domains"\s*:/.test(text) ? 'dnscontrol' : null
  }
  if (/\.ya?ml$/i.test(file) || /^(?:\s*#.*\n)*---\s*\n/.test(text)) return 'octodns'
  return preview.test(text) ? 'dnscontrol' : 'bind'
}

function decoded(octets: string): string {
  return Buffer.from(octets, 'latin1').toString()
}
