/**
 * The name that an SMTP server gives itself: the first word behind the code of its greeting, a domain name or an address in
 * brackets (RFC 5321 §4.2): "220 mx1.example.com ESMTP".
 */
import { foldName } from './name.ts'
import { parseSmtpLine } from './smtp.ts'

/** The word as sent; '' when there is none. */
export function greetedAs(greeting: readonly string[]): string {
  return /^\S*/.exec(parseSmtpLine(greeting[0] ?? '').text)?.[0] ?? ''
}

/** Lower case, without the final dot; null when the word is no fully qualified host name. */
export function hostNameIn(word: string): string | null {
  const name = foldName(word)
  return name.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(name) ? name : null
}
