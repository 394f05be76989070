/**
 * HTML that is safe by the way it is written: what stands between `${` and `}` is escaped unless it is markup itself, and
 * what a browser would hide or obey (control characters, bidirectional overrides) is made visible.
 */
import { harmless } from './visible.ts'

export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** null, undefined and false are nothing; lists are joined without a gap. */
export type Content = string | number | Markup | null | undefined | false | readonly Content[]

export function html(literal: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(literal.reduce((text, part, i) => text + render(contents[i - 1]) + part))
}

function render(content: Content): string {
  if (content === null || content === undefined || content === false) return ''
  if (content instanceof Markup) return content.text
  if (typeof content === 'object') return content.map(render).join('')
  return escapeHtml(harmless(String(content)))
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** For text and for attribute values in quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '')
}
