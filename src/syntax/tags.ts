/**
 * Tag lists, "v=DKIM1; k=rsa; p=MIGf...": the form that DKIM keys and DMARC policies share (RFC 6376 §3.2).
 * A tag is NAME=VALUE, white space round both parts means nothing, semicolons part the tags, a last one is allowed.
 * The same name twice makes the whole list invalid; whoever reads a list decides what is to be done about that.
 */

export interface Tag {
  /** As written: whether case counts is for the record's own rules to say. */
  readonly name: string
  /** Without the white space round it; what stands within is kept. */
  readonly value: string
  /** 0-based offset of the name in the text. */
  readonly at: number
  /** 0-based offset of the value. */
  readonly valueAt: number
}

export const tagProblems = {
  'malformed-tag': 'this is no NAME=VALUE',
  'empty-tag': 'there is nothing between two semicolons',
  'bad-character': 'a tag holds printable ASCII characters only',
  'duplicate-tag': 'the tag stands twice',
  'too-long': 'the record is longer than any TXT record can be',
} as const
export type TagProblemCode = keyof typeof tagProblems

export interface TagProblem {
  readonly code: TagProblemCode
  /** The tag, or what stands in its place. */
  readonly tag: string
  readonly at: number
}

export interface TagList {
  /** Every well-formed tag, in order, duplicates included. */
  readonly tags: readonly Tag[]
  readonly problems: readonly TagProblem[]
}

/** Octets of RDATA: no TXT record is longer (RFC 1035 §3.2.1). */
export const maxText = 65_535

const outsideTag = /[^\x20-\x7e\t\r\n]/

/** Reads a tag list. Never throws: what is no tag is a problem, and the others stand. */
export function parseTags(text: string): TagList {
  if (text.length > maxText) return { tags: [], problems: [{ code: 'too-long', tag: '', at: 0 }] }
  const tags: Tag[] = []
  const problems: TagProblem[] = []
  const seen = new Set<string>()
  const pieces = text.split(';')
  let start = 0
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] ?? ''
    const trimmed = trim(piece)
    const at = start + leading(piece)
    start += piece.length + 1
    if (trimmed === '') {
      // The last semicolon of a list has nothing after it, and an empty text has no tags at all.
      if (i < pieces.length - 1) problems.push({ code: 'empty-tag', tag: '', at })
      continue
    }
    const equals = trimmed.indexOf('=')
    const name = equals < 0 ? '' : trim(trimmed.slice(0, equals))
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      problems.push({ code: 'malformed-tag', tag: trimmed, at })
      continue
    }
    const raw = trimmed.slice(equals + 1)
    const value = trim(raw)
    if (outsideTag.test(value)) problems.push({ code: 'bad-character', tag: name, at: at + equals + 1 + raw.search(outsideTag) })
    if (seen.has(name)) problems.push({ code: 'duplicate-tag', tag: name, at })
    seen.add(name)
    tags.push({ name, value, at, valueAt: at + equals + 1 + (value === '' ? 0 : leading(raw)) })
  }
  return { tags, problems }
}

/** `v=DKIM1; k=rsa; p=...` */
export function formatTags(tags: readonly Pick<Tag, 'name' | 'value'>[]): string {
  return tags.map(({ name, value }) => `${name}=${value}`).join('; ')
}

/** The first tag of that name, exactly as spelled (RFC 6376 §3.2: names are case-sensitive). */
export function tagOf(list: TagList, name: string): Tag | undefined {
  return list.tags.find(tag => tag.name === name)
}

/** Without folding white space at both ends (RFC 6376 §2.8). By hand: a regular expression would be quadratic in a run of spaces. */
function trim(text: string): string {
  const start = leading(text)
  let end = text.length
  while (end > start && isWhiteSpace(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

function leading(text: string): number {
  let at = 0
  while (at < text.length && isWhiteSpace(text.charAt(at))) at++
  return at
}

function isWhiteSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\n'
}
