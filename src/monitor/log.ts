/**
 * What the service tells its operator: one event, one line. As text it is for people at a terminal, as JSON for machines; in
 * both what came from elsewhere is made visible, and nothing is told that is secret.
 */
import { stringify } from '../report/json.ts'
import { harmless } from '../report/visible.ts'

export type LogLevel = 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export interface Log {
  (level: LogLevel, message: string, fields?: LogFields): void
}

const longest = 2000

export function createLog(format: 'text' | 'json', write: (line: string) => void, now: () => Date = () => new Date()): Log {
  return (level, message, fields = {}) => {
    const shown = Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? harmless(value.slice(0, longest)) : value] as const)
    const time = now().toISOString()
    if (format === 'json') write(`${stringify({ time, level, message: harmless(message), ...Object.fromEntries(shown) })}\n`)
    else write(`${time} ${level}: ${harmless(message)}${shown.map(([name, value]) => ` ${name}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`).join('')}\n`)
  }
}
