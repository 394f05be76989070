/** Folders made as far as they are missing. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * A folder, and those that it lies in. Throws at once where none can be made: node's own way of doing this tries forever on file
 * systems such as /proc, which say of a new folder that it is not there.
 */
export function makeFolder(path: string, mode?: number): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at)
  if (missing.length === 0 && !statSync(path).isDirectory()) throw failure('EEXIST', 'it is no directory')
  for (const folder of missing) {
    try {
      mkdirSync(folder, mode)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST' && existsSync(folder)) continue // somebody else was faster
      throw code === 'ENOENT' ? failure('ENOTSUP', `no folder can be made in ${dirname(folder)}`) : error
    }
  }
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code })
}
