/** What a command that threw tells the user: what was asked wrongly, or that the fault is ours. */
import type { Command } from '@oclif/core/command'
import { version } from '../package.ts'
import { harmless } from '../report/visible.ts'
import { nearest } from '../syntax/nearest.ts'
import { fileError } from './file-error.ts'
import { UsageError } from './usage-error.ts'

export interface CommandFailure {
  readonly status: number
  readonly message?: string
}

interface CliError extends Error {
  readonly oclif?: { readonly exit?: number }
  readonly code?: string
  /** Of a flag that does not exist. */
  readonly flags?: readonly string[]
  readonly parse?: unknown
  readonly syscall?: string
}

export function failureOf(thrown: unknown, argv: readonly string[], commands: Readonly<Record<string, Command.Class>>): CommandFailure {
  const error: CliError = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error instanceof UsageError || error.name === 'ConfigError') return usage(bare(error.message))
  // files are written by those who name them in their errors: this is stdout
  if (error.syscall === 'write') return usage(`the output cannot be written: ${fileError(error)}`)
  if (error.code === 'EEXIT') return { status: error.oclif?.exit ?? 0 }
  const surplus = /^command (\w+):\S* not found$/.exec(error.message)
  if (surplus) return usage(`"${surplus[1] ?? ''}" takes no argument of this kind (mailcheck ${surplus[1] ?? ''} --help)`)
  if (error.parse !== undefined) return usage(parseFailure(error, commands))
  return { status: 70, message: bug(error, argv) }
}

function usage(message: string): CommandFailure {
  return { status: 2, message: message.split('\n').map(line => `mailcheck: ${harmless(line)}`).join('\n') }
}

/** oclif's message in one line, with the flag that was probably meant. */
function parseFailure({ message, flags }: CliError, commands: Readonly<Record<string, Command.Class>>): string {
  const known = Object.values(commands).flatMap(command => Object.keys(command.flags))
  if (Array.isArray(flags) && flags.length > 0) {
    return (flags as string[]).map(flag => {
      const name = flag.replace(/^-+/, '').replace(/=.*$/s, '')
      const meant = flag.startsWith('--') ? nearest(name, known) : undefined
      return `there is no flag ${flag}${meant === undefined ? '' : `; did you mean --${meant}?`} (mailcheck --help)`
    }).join('\n')
  }
  return bare(message.replace(/\u001b\[[\d;]*m/g, '')).split('\n').map(line => line.trim()).filter(line => line !== '').join(' ')
}

/** Without what oclif puts around the message of a flag that cannot be read. */
function bare(message: string): string {
  return message.replace(/^Parsing --\S+ *\n\t/, '').replace(/\n*See more help with --help$/, '')
}

function bug(error: Error, argv: readonly string[]): string {
  const lines = [
    `mailcheck: this is a bug in mailcheck ${version()}: ${harmless(error.message || error.name)}`,
    'mailcheck: please report it with a recording, which "--record FILE" writes when the same command is run again',
  ]
  if (process.env['DEBUG']) lines.push(`${argv.map(word => harmless(word)).join(' ')}\n${error.stack ?? ''}`)
  else lines.push('mailcheck: DEBUG=1 shows where it happened')
  return lines.join('\n')
}
