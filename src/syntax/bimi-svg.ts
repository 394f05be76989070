/**
 * The logo of BIMI: SVG Tiny Portable/Secure (draft-svg-tiny-ps-abrotman), a file that can be drawn by anybody without being
 * trusted by anybody: still pictures only, no script, no links, nothing from elsewhere. Its root says version="1.2" and
 * baseProfile="tiny-ps", is square, and holds a title. Providers show nothing when a rule is broken, and say nothing.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes'

export const bimiLogoProblems = {
  'too-large': 'a logo has at most 32 KB',
  'not-utf8': 'the file is not in UTF-8',
  'not-well-formed': 'this is no XML',
  'too-deep': 'no drawing needs elements that deep in one another',
  'not-svg': 'the root is not an svg element of http://www.w3.org/2000/svg',
  'bad-version': 'the root has to say version="1.2"',
  'bad-profile': 'the root has to say baseProfile="tiny-ps"',
  'root-position': 'the root must have neither x nor y',
  'bad-root-attribute': 'a still picture has no other value for this attribute',
  'missing-title': 'the root holds no title',
  'empty-title': 'the title is empty',
  'no-size': 'the root has neither a viewBox nor a width and a height',
  'not-square': 'the picture is not square',
  'forbidden-element': 'this element is not in the profile',
  'event-handler': 'nothing may happen in a logo',
  'style-attribute': 'the profile knows no style sheets: write fill="...", not style="fill: ..."',
  'external-reference': 'nothing may come from outside the file',
  'style-sheet': 'the profile knows no style sheets',
  'doctype': 'a DOCTYPE is not needed, and some receivers refuse it',
  'relative-size': 'width and height should be given in pixels',
  'long-title': 'a title should have at most 64 characters',
} as const
export type BimiLogoProblemCode = keyof typeof bimiLogoProblems

const notes: readonly BimiLogoProblemCode[] = ['doctype', 'relative-size', 'long-title']

export interface BimiLogoProblem {
  readonly code: BimiLogoProblemCode
  /** The element, the attribute or what the XML parser says; hostile. */
  readonly what: string
  /** From 1. */
  readonly line: number
}

export interface BimiLogo {
  readonly title: string | null
  /** One of a code and a thing, where it stands first; in order of place. */
  readonly problems: readonly BimiLogoProblem[]
  /** Nothing but notes among the problems. */
  readonly valid: boolean
}

/** Octets. */
export const maxLogo = 32 * 1024
/** A file that is longer than this is not even looked at. */
const maxRead = 64 * 1024
/** Looking up what a name means takes as long as the elements are deep. */
const maxDepth = 100

/** A gzip member begins so (RFC 1952 §2.3.1): the file is an SVGZ, which has to be unpacked first. */
export function isSvgz(octets: string): boolean {
  return octets.startsWith('\x1f\x8b')
}

/** The logo is shown in spite of it. */
export function isBimiLogoNote(code: BimiLogoProblemCode): boolean {
  return notes.includes(code)
}

/** Reads an SVG file (one character an octet, unpacked). Never throws; entities are not expanded, nothing is fetched. */
export function parseBimiLogo(octets: string): BimiLogo {
  const reader = new LogoReader()
  if (octets.length > maxLogo) reader.complain('too-large', `${octets.length} octets`, 1)
  if (octets.length <= maxRead) reader.read(octets)
  const { problems, title } = reader
  return { title, problems, valid: problems.every(({ code }) => isBimiLogoNote(code)) }
}

const svgNamespace = 'http://www.w3.org/2000/svg'

/** SVG Tiny 1.2 without what the profile takes out (§2.3): images, links, scripts, animation, sound and film. */
const allowed: ReadonlySet<string> = new Set([
  'svg', 'title', 'desc', 'metadata', 'defs', 'g', 'use', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text', 'tspan',
  'textArea', 'tbreak', 'linearGradient', 'radialGradient', 'stop', 'solidColor', 'font', 'font-face', 'font-face-src', 'font-face-name', 'glyph',
  'missing-glyph', 'hkern',
])

/** §2.3: when they are there, they say this. */
const fixedOnRoot: Readonly<Record<string, string>> = {
  externalResourcesRequired: 'false', focusable: 'false', playbackOrder: 'all', snapshotTime: 'none', timelineBegin: 'onLoad', zoomAndPan: 'disable',
}

/** Nothing more can be read. */
class Unreadable extends Error {
  readonly code: 'not-well-formed' | 'too-deep'

  constructor(code: 'not-well-formed' | 'too-deep', what: string) {
    super(what)
    this.code = code
  }
}

class LogoReader {
  readonly problems: BimiLogoProblem[] = []
  title: string | null = null
  readonly #seen = new Set<string>()
  readonly #parser = new SaxesParser({ xmlns: true })
  #depth = 0
  /** Depth of the metadata element that we are in, whose content is anybody's; 0 outside. */
  #metadata = 0
  #inTitle = false
  /** Of the title or, as long as there is none, of the root. */
  #titleLine = 1

  read(octets: string): void {
    const text = decode(octets)
    if (text === null) {
      this.complain('not-utf8', '', 1)
      return
    }
    const parser = this.#parser
    parser.on('error', error => {
      throw new Unreadable('not-well-formed', error.message.replace(/^\d+:\d+: /, ''))
    })
    parser.on('doctype', () => this.complain('doctype', 'DOCTYPE'))
    parser.on('processinginstruction', ({ target }) => {
      if (target === 'xml-stylesheet') this.complain('style-sheet', target)
    })
    parser.on('opentag', tag => this.#open(tag))
    parser.on('text', text => {
      if (this.#inTitle) this.title = (this.title ?? '') + text
    })
    parser.on('closetag', () => this.#close())
    try {
      parser.write(text).close()
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      this.complain(error.code, error.message)
      return
    }
    if (this.title === null) this.complain('missing-title', 'title', this.#titleLine)
    else if (this.title.trim() === '') this.complain('empty-title', 'title', this.#titleLine)
    else if (this.title.trim().length > 64) this.complain('long-title', this.title.trim(), this.#titleLine)
  }

  complain(code: BimiLogoProblemCode, what: string, line = this.#parser.line): void {
    const key = `${code} ${what}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    this.problems.push({ code, what, line })
  }

  #open(tag: SaxesTagNS): void {
    if (++this.#depth > maxDepth) throw new Unreadable('too-deep', tag.name)
    if (this.#depth === 1) this.#root(tag)
    if (this.#metadata > 0) return
    const ours = tag.uri === svgNamespace
    if (ours && tag.local === 'metadata') this.#metadata = this.#depth
    if (!ours ? this.#depth > 1 : !allowed.has(tag.local) || (tag.local === 'svg' && this.#depth > 1)) this.complain('forbidden-element', tag.name)
    if (ours && tag.local === 'title' && this.#depth === 2 && this.title === null) {
      this.title = ''
      this.#inTitle = true
      this.#titleLine = this.#parser.line
    }
    for (const { name, local, value, uri } of Object.values(tag.attributes)) {
      if (uri === '' && /^on[a-z]/i.test(local)) this.complain('event-handler', name)
      else if (uri === '' && local === 'style') this.complain('style-attribute', name)
      else if (local === 'href' && !value.trim().startsWith('#')) this.complain('external-reference', `${name}="${value.slice(0, 80)}"`)
      else if (!name.startsWith('xmlns') && /url\(\s*["']?\s*[^#"'\s]/i.test(value)) this.complain('external-reference', `${name}="${value.slice(0, 80)}"`)
    }
  }

  #close(): void {
    if (this.#metadata === this.#depth) this.#metadata = 0
    if (this.#depth === 2) this.#inTitle = false
    this.#depth--
  }

  #root({ local, uri, name, attributes }: SaxesTagNS): void {
    this.#titleLine = this.#parser.line
    if (local !== 'svg' || uri !== svgNamespace) {
      this.complain('not-svg', name)
      return
    }
    const value = (attribute: string): string | undefined => attributes[attribute]?.value
    if (value('version') !== '1.2') this.complain('bad-version', `version="${value('version') ?? ''}"`)
    if (value('baseProfile') !== 'tiny-ps') this.complain('bad-profile', `baseProfile="${value('baseProfile') ?? ''}"`)
    for (const attribute of ['x', 'y']) if (value(attribute) !== undefined) this.complain('root-position', attribute)
    for (const [attribute, only] of Object.entries(fixedOnRoot)) {
      if (value(attribute) !== undefined && value(attribute) !== only) this.complain('bad-root-attribute', `${attribute}="${value(attribute) ?? ''}"`)
    }
    const [width, height] = [value('width'), value('height')]
    const box = /^[^\s,]+[\s,]+[^\s,]+[\s,]+([^\s,]+)[\s,]+([^\s,]+)$/.exec(value('viewBox')?.trim() ?? '')
    if (width?.includes('%') || height?.includes('%')) this.complain('relative-size', `${width ?? ''} ${height ?? ''}`.trim())
    if (!box && (width === undefined || height === undefined)) this.complain('no-size', name)
    else if (box && !square(box[1], box[2])) this.complain('not-square', `viewBox="${value('viewBox') ?? ''}"`)
    else if (width !== undefined && height !== undefined && !square(width, height)) this.complain('not-square', `width="${width}" height="${height}"`)
  }
}

function decode(octets: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(octets, octet => octet.charCodeAt(0)))
  } catch {
    return null
  }
}

function square(width = '', height = ''): boolean {
  return Number.parseFloat(width) === Number.parseFloat(height) && width.replace(/^[\d.eE+-]+/, '') === height.replace(/^[\d.eE+-]+/, '')
}
