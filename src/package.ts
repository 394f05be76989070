/** Where mailcheck is installed, and which version: the same from src/, from the bundle in dist/, and through symbolic links. */
import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PackageManifest {
  readonly name: string
  readonly version: string
  readonly [field: string]: unknown
}

interface Home {
  readonly root: string
  readonly manifest: PackageManifest
}

let home: Home | undefined

/** The directory that holds mailcheck's package.json. */
export function packageRoot(): string {
  home ??= find(dirname(realpathSync(fileURLToPath(import.meta.url))))
  return home.root
}

export function packageManifest(): PackageManifest {
  home ??= find(dirname(realpathSync(fileURLToPath(import.meta.url))))
  return home.manifest
}

/** `0.1.0` */
export function version(): string {
  return packageManifest().version
}

function find(start: string): Home {
  for (let directory = start; ; directory = dirname(directory)) {
    const manifest = read(join(directory, 'package.json'))
    if (manifest?.name === 'mailcheck') return { root: directory, manifest }
    if (directory === dirname(directory)) throw new Error(`no package.json named mailcheck above ${start}`)
  }
}

function read(file: string): PackageManifest | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageManifest
  } catch {
    return undefined
  }
}
