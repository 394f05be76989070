/**
 * Text that is safe to show. Everything from the network is hostile: a TXT record or a greeting may hold escape sequences
 * that rewrite the terminal, or bidirectional controls that make a line read otherwise than it is. What cannot be seen is
 * shown by its number, so that the reader sees that it is there.
 */

// C0, DEL, C1; soft hyphen and the invisible format characters; bidirectional controls; line and paragraph separators;
// interlinear and tag characters; lone surrogates.
const unseen = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]' +
  '|[\\u{e0000}-\\u{e007f}]|\\p{Surrogate}', 'gu')

/** Text of ours or of the user's, into which something foreign may have found its way. */
export function harmless(text: string): string {
  return text.replace(unseen, escape)
}

/**
 * An octet string from the network (one character an octet) as text: UTF-8 where it is valid, other octets by number.
 * A string that holds more than octets is text already.
 */
export function visible(octets: string): string {
  if (!/[^\x00-\x7f]/.test(octets)) return harmless(octets)
  if (/[^\x00-\xff]/.test(octets)) return harmless(octets)
  let text = ''
  // Maximal runs that look like UTF-8 are decoded one by one: one bad octet must not spoil the rest.
  for (const [run] of octets.matchAll(/[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^]/g)) {
    if (run.charCodeAt(0) < 0x80) text += harmless(run)
    else text += decoded(run) ?? run.replace(/[^]/g, octet => `\\x${hex(octet.charCodeAt(0), 2)}`)
  }
  return text
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(run: string): string | undefined {
  if (run.length === 1) return undefined
  try {
    return harmless(utf8.decode(Uint8Array.from(run, octet => octet.charCodeAt(0))))
  } catch {
    return undefined
  }
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escape(character: string): string {
  const name = named[character]
  if (name !== undefined) return name
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${hex(code, 2)}`
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 5)}}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}
