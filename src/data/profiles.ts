/** What others require of a domain's mail, read from profiles.yaml when somebody names a profile. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package.ts'

/** profiles.yaml says what each field is. */
export interface Profile {
  readonly id: string
  readonly title: string
  readonly source: { readonly title: string; readonly date: string; readonly url?: string }
  /** How the text of the source was had. */
  readonly read: string
  readonly bulk?: boolean
  readonly context?: Readonly<Partial<Record<'receiving' | 'sending' | 'parked', 'yes' | 'no' | 'unknown'>>>
  readonly requirements: readonly Requirement[]
}

export interface Requirement {
  readonly text: string
  readonly checks: readonly string[]
  /** `none`: a failure of it counts for nothing. */
  readonly level: 'critical' | 'error' | 'warning' | 'notice' | 'none'
  readonly where: string
  readonly since?: string
}

export interface Profiles {
  /** When the entries were last compared with their sources. */
  readonly checked: string
  readonly profiles: readonly Profile[]
}

let read: Promise<Profiles> | undefined

export function loadProfiles(): Promise<Profiles> {
  read ??= load()
  return read
}

async function load(): Promise<Profiles> {
  const [{ parse }, text] = await Promise.all([import('yaml'), readFile(join(packageRoot(), 'src', 'data', 'profiles.yaml'), 'utf8')])
  return parse(text) as Profiles // its shape is held by a test
}
