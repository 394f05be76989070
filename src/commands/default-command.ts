/**
 * `mailcheck example.com …` means `mailcheck check example.com …`. Decided before oclif sees the arguments: it glues words
 * into command names, so that a domain could no longer be told from a misspelt command.
 */
import { nearest } from '../syntax/nearest.ts'
import { UsageError } from './usage-error.ts'

const globalFlags: ReadonlySet<string> = new Set(['--help', '-h', '--version'])

/** The arguments with their command in front. Throws `UsageError` for a word that is neither a command nor a domain. */
export function withCommand(argv: readonly string[], commands: readonly string[]): string[] {
  const [first, ...rest] = argv
  if (first === undefined) throw new UsageError('name a domain, such as: mailcheck example.com (or see: mailcheck --help)')
  if (commands.includes(first) || globalFlags.has(first)) return [...argv]
  if (first === 'help') {
    const [command] = rest
    if (command === undefined || commands.includes(command)) return command === undefined ? ['--help'] : [command, '--help']
    throw new UsageError(unknownCommand(command, commands))
  }
  if (first.startsWith('-') || looksLikeDomain(first)) return ['check', ...argv]
  throw new UsageError(unknownCommand(first, commands))
}

/** Or like something that was meant to be one: `check` says what is wrong with it. */
function looksLikeDomain(word: string): boolean {
  return word === '' || /[.:@/\s]|[^\x00-\x7f]/.test(word) || word.length > 63
}

function unknownCommand(word: string, commands: readonly string[]): string {
  const meant = nearest(word, commands)
  return `there is no command "${word.slice(0, 63)}"${meant === undefined ? '.' : `; did you mean "${meant}"?`}` +
    ` Commands: ${commands.join(', ')}. A domain is written with its dots: mailcheck example.com`
}
