/** Certificate authorities, read from authorities.yaml when somebody first asks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package.ts'

export interface CertificateAuthority {
  readonly name: string
  /** Parts of the issuer in its certificates, lower case. */
  readonly issuers: readonly string[]
  /** The names that permit it in CAA records. */
  readonly caa: readonly string[]
  readonly source: string
}

export interface AuthorityList {
  /** When the entries were last compared with their sources. */
  readonly checked: string
  readonly authorities: readonly CertificateAuthority[]
}

let list: Promise<AuthorityList> | undefined

export function loadAuthorities(): Promise<AuthorityList> {
  list ??= load()
  return list
}

/** The names by which CAA records permit whoever calls itself so (`C=US, O=Let's Encrypt, CN=R10`); none for a stranger. */
export function identifiersOf(authorities: readonly CertificateAuthority[], issuer: string): string[] {
  const folded = issuer.toLowerCase().replaceAll('\\', '')
  return [...new Set(authorities.filter(({ issuers }) => issuers.some(part => folded.includes(part))).flatMap(({ caa }) => caa))]
}

async function load(): Promise<AuthorityList> {
  const [{ parse }, text] = await Promise.all([import('yaml'), readFile(join(packageRoot(), 'src', 'data', 'authorities.yaml'), 'utf8')])
  return parse(text) as AuthorityList // its shape is held by a test
}
