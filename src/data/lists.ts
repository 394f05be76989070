/** DNS block lists, read from lists.yaml when somebody first asks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package.ts'

/** What a list's answers mean; lists.yaml says what each field is. */
export interface BlockList {
  readonly id: string
  readonly name: string
  readonly zone: string
  readonly keyZone?: string
  readonly kind: 'address' | 'domain'
  readonly families?: readonly (4 | 6)[]
  readonly tier: number
  readonly enabled: boolean
  readonly codes?: Readonly<Record<string, string>>
  readonly bits?: Readonly<Record<string, string>>
  readonly ignored?: readonly (string | number)[]
  readonly refusals?: readonly string[]
  readonly tested?: readonly string[]
  readonly page: string
  readonly terms: string
  readonly source: string
}

export interface BlockLists {
  /** When the entries were last compared with their sources. */
  readonly checked: string
  readonly lists: readonly BlockList[]
}

let read: Promise<BlockLists> | undefined

export function loadBlockLists(): Promise<BlockLists> {
  read ??= load()
  return read
}

async function load(): Promise<BlockLists> {
  const [{ parse }, text] = await Promise.all([import('yaml'), readFile(join(packageRoot(), 'src', 'data', 'lists.yaml'), 'utf8')])
  return parse(text) as BlockLists // its shape is held by a test
}
