/**
 * From arguments to a command. Only the command that is asked for is loaded, so that `--version` costs no more than oclif.
 * Exit status: 2 for what the user asked wrongly, 70 for our bugs; all else is said by the command.
 */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core/command'
import { withCommand } from './commands/default-command.ts'
import { failureOf } from './commands/failure.ts'
import { packageManifest, packageRoot } from './package.ts'

const modules: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
  check: () => import('./commands/check.ts'),
  demo: () => import('./commands/demo.ts'),
  plan: () => import('./commands/plan.ts'),
  diff: () => import('./commands/diff.ts'),
  init: () => import('./commands/init.ts'),
  settings: () => import('./commands/settings.ts'),
  alerts: () => import('./commands/alerts.ts'),
  dashboards: () => import('./commands/dashboards.ts'),
  serve: () => import('./commands/serve.ts'),
  explain: () => import('./commands/explain.ts'),
  checks: () => import('./commands/checks.ts'),
  fix: () => import('./commands/fix.ts'),
  schema: () => import('./commands/schema.ts'),
  'spf eval': () => import('./commands/spf/eval.ts'),
  'spf expand': () => import('./commands/spf/expand.ts'),
  'spf compare': () => import('./commands/spf/compare.ts'),
  'dmarc eval': () => import('./commands/dmarc/eval.ts'),
  message: () => import('./commands/message.ts'),
  reports: () => import('./commands/reports.ts'),
  logs: () => import('./commands/logs.ts'),
  deliver: () => import('./commands/deliver.ts'),
  lint: () => import('./commands/lint.ts'),
}

/** What the commands of two words have in common, for the help. */
const topics = {
  spf: { description: 'Evaluate, expand and compare SPF records.' },
  dmarc: { description: 'Evaluate DMARC.' },
}

/** Where oclif finds the commands: filled with those that this call needs. */
export const COMMANDS: Record<string, Command.Class> = {}

/** Sets `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  const fatal = (error: unknown): void => {
    finish(error, argv)
    process.exit()
  }
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  try {
    const args = withCommand(argv, Object.keys(modules))
    const name = args[0]?.replace(':', ' ') ?? ''
    const needed = modules[name] ? { [name]: modules[name] } : name === '--version' ? {} : modules
    for (const [command, load] of Object.entries(needed)) COMMANDS[command.replace(' ', ':')] = (await load()).default
    const root = packageRoot()
    const manifest = packageManifest()
    const target = relative(root, fileURLToPath(import.meta.url))
    const description = `${String(manifest['description'])}\nmailcheck DOMAIN... checks domains; so does mailcheck check DOMAIN...`
    const oclif = { ...manifest['oclif'] as object, description, topics, commands: { strategy: 'explicit', target, identifier: 'COMMANDS' } }
    const { run } = await import('./commands/oclif.ts')
    await run(args, { root, pjson: { ...manifest, oclif }, ignoreManifest: true } as unknown as Parameters<typeof run>[1])
  } catch (error) {
    finish(error, argv)
  }
}

function finish(error: unknown, argv: readonly string[]): void {
  const { status, message } = failureOf(error, argv, COMMANDS)
  if (message !== undefined) process.stderr.write(`${message}\n`)
  process.exitCode = status
}
