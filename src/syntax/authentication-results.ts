/**
 * Authentication-Results (RFC 8601): what a receiver found out about a message, written into it: the receiver's own name
 * (authserv-id), and a result for each method, with the properties that it speaks of:
 * "mx.example.net; spf=pass smtp.mailfrom=example.com; dkim=pass (good) header.d=example.com header.s=s1; dmarc=fail header.from=…".
 * Anybody can write such a field: only one with the name of a receiver that one trusts says anything (§1.6, §4.1).
 */

export interface AuthenticationResults {
  /** Lower case; null where the field does not begin with one, as some write it. */
  readonly server: string | null
  readonly results: readonly MethodResult[]
}

export interface MethodResult {
  /** Lower case: `spf`, `dkim`, `dmarc`, `arc`, `iprev`, `auth`. */
  readonly method: string
  /** Lower case: `pass`, `fail`, `none`, `temperror` … */
  readonly result: string
  /** By `ptype.property`, lower case: `smtp.mailfrom`, `header.d`. */
  readonly properties: Readonly<Record<string, string>>
  readonly reason: string | null
  /** Comments, joined: what people and some programs read. */
  readonly comment: string | null
}

const longest = 16_384
const mostResults = 100

type Token = { readonly kind: 'word' | 'quoted' | 'comment'; readonly text: string } | { readonly kind: ';' | '=' }

/** Reads the value of a field. Never throws. */
export function parseAuthenticationResults(value: string): AuthenticationResults {
  const parts: Token[][] = [[]]
  for (const token of tokens(value.slice(0, longest))) {
    if (token.kind === ';') parts.push([])
    else parts.at(-1)?.push(token)
  }
  const [first = [], ...rest] = parts
  // the name stands alone, but for a version; "spf=pass …" in its place is a result of nobody in particular
  const named = !first.some(({ kind }) => kind === '=')
  const server = named ? first.find(token => token.kind === 'word' || token.kind === 'quoted') : undefined
  return {
    server: server && 'text' in server ? server.text.toLowerCase() : null,
    results: (named ? rest : parts).slice(0, mostResults).flatMap(part => resultOf(part) ?? []),
  }
}

function resultOf(part: readonly Token[]): MethodResult | null {
  const comments = part.flatMap(token => token.kind === 'comment' ? [token.text] : [])
  const plain = part.filter(token => token.kind !== 'comment')
  const pairs: [string, string][] = []
  for (let i = 0; i + 2 < plain.length; i++) {
    const [name, equals, text] = [plain[i], plain[i + 1], plain[i + 2]]
    if (name?.kind !== 'word' || equals?.kind !== '=' || !text || !('text' in text)) continue
    pairs.push([name.text.toLowerCase(), text.text])
    i += 2
  }
  const [head, ...rest] = pairs
  if (!head || head[0].includes('.')) return null
  const properties = Object.fromEntries(rest.filter(([name]) => name !== 'reason'))
  return {
    method: head[0].replace(/\/.*$/s, '').trim(), result: head[1].toLowerCase(), properties,
    reason: rest.find(([name]) => name === 'reason')?.[1] ?? null,
    comment: comments.length > 0 ? comments.join('; ') : null,
  }
}

/** Comments nest (RFC 5322 §3.2.2); one without its end, like a quoted string without, goes to the end. */
function* tokens(text: string): Generator<Token> {
  let behindEquals = false
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at)
    if (character === ';' || character === '=') {
      yield { kind: character }
      behindEquals = character === '='
      at++
    } else if (character === '(') {
      let depth = 0
      let end = at
      for (; end < text.length; end++) {
        const inside = text.charAt(end)
        if (inside === '\\') end++
        else if (inside === '(') depth++
        else if (inside === ')' && --depth === 0) break
      }
      yield { kind: 'comment', text: text.slice(at + 1, end).replace(/\s+/g, ' ').trim() }
      at = end + 1
    } else if (character === '"') {
      let end = at + 1
      while (end < text.length && text.charAt(end) !== '"') end += text.charAt(end) === '\\' ? 2 : 1
      behindEquals = false
      yield { kind: 'quoted', text: text.slice(at + 1, end).replace(/\\(.)/gs, '$1') }
      at = end + 1
    } else if (/\s/.test(character)) at++
    else {
      // a value may hold "=", as some addresses do; a name may not
      const word = behindEquals ? /[^\s;("]+/y : /[^\s;=("]+/y
      behindEquals = false
      word.lastIndex = at
      const [found = character] = word.exec(text) ?? []
      at += found.length
      yield { kind: 'word', text: found }
    }
  }
}
