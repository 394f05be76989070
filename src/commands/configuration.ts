/** The configuration file that a command reads: the one named, or the one that lies in the working directory. */
import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'

export const configFile = 'mailcheck.yaml'

/** Throws `ConfigError`. */
export async function readConfiguration(file: string | undefined): Promise<Config | null> {
  if (file === undefined && !existsSync(configFile)) return null
  const { readConfig } = await import('../config.ts') // yaml and zod take a tenth of a second: only where there is a file
  return readConfig(file ?? configFile)
}
