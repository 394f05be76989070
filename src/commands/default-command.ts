/**
 * `mailcheck example.com …` means `mailcheck check example.com …`. Decided before oclif sees the arguments: it glues words
 * into command names, so that a domain could no longer be told from a misspelt command.
 */
import { nearest } from '../syntax/nearest.ts'
import { UsageError } from './usage-error.ts'

const globalFlags: ReadonlySet<string> = new Set(['--help', '-h', '--version'])

/**
 * The arguments with their command in front, a command of two words as `topic:command`. Throws `UsageError` for a word that
 * is neither a command nor a domain.
 */
export function withCommand(argv: readonly string[], commands: readonly string[]): string[] {
  const [first, ...rest] = argv
  if (first === undefined) throw new UsageError('name a domain, such as: mailcheck example.com (or see: mailcheck --help)')
  if (first === 'help') {
    const [command] = rest
    if (command === undefined) return ['--help']
    if (commands.some(name => name === command || name.startsWith(`${command} `))) return withCommand([...rest, '--help'], commands)
    throw new UsageError(unknownCommand(command, commands))
  }
  if (commands.includes(first) || globalFlags.has(first)) return [...argv]
  const below = commands.filter(command => command.startsWith(`${first} `)).map(command => command.slice(first.length + 1))
  if (below.length > 0) return ofTopic(first, rest, below)
  if (first.startsWith('-') || looksLikeDomain(first)) return ['check', ...argv]
  throw new UsageError(unknownCommand(first, commands))
}

/** `spf eval …` -> `spf:eval …` */
function ofTopic(topic: string, [command, ...rest]: readonly string[], commands: readonly string[]): string[] {
  if (command === '--help' || command === '-h') return [topic, '--help']
  if (command !== undefined && commands.includes(command)) return [`${topic}:${command}`, ...rest]
  const meant = command === undefined ? undefined : nearest(command, commands)
  throw new UsageError((command === undefined ? `name a command of "${topic}".` : `there is no command "${topic} ${command.slice(0, 63)}"`) +
    (command === undefined ? '' : meant === undefined ? '.' : `; did you mean "${topic} ${meant}"?`) +
    ` Commands: ${commands.map(name => `${topic} ${name}`).join(', ')}`)
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
