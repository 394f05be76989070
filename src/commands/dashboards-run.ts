/** What `mailcheck dashboards` does: a file for each dashboard, never half of one. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dashboardFiles } from '../monitor/dashboards.ts'
import { makeFolder } from '../monitor/make-folder.ts'
import { fileError } from './file-error.ts'
import { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** Prints the names of the files. */
export async function runDashboards(directory: string | undefined): Promise<void> {
  if (directory === undefined || directory === '') throw new UsageError('say where to write them: mailcheck dashboards --dir DIR')
  const written: string[] = []
  try {
    makeFolder(directory)
    for (const { name, text } of dashboardFiles()) {
      const file = join(directory, name)
      // Grafana reads the folder while we write
      await writeFile(`${file}.new`, text)
      await rename(`${file}.new`, file)
      written.push(file)
    }
  } catch (error) {
    throw new UsageError(`${directory}: dashboards cannot be written: ${(error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is no directory' : fileError(error)}`)
  }
  await new Output().write(written.map(file => `${file}\n`).join(''))
}
