import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSvgz, parseBimiLogo } from '../../src/syntax/bimi-svg.ts'

const attributes = 'xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 100 100"'
const logo = (content: string, root = attributes) => `<?xml version="1.0" encoding="UTF-8"?>\n<svg ${root}>\n${content}</svg>\n`
const title = '<title>Example</title>\n'
const codes = (octets: string) => parseBimiLogo(octets).problems.map(({ code, what, line }) => `${code} ${what} ${line}`)

test.each([
  ['a circle', logo(`${title}<circle cx="50" cy="50" r="40" fill="#c00"/>`)],
  ['gradients and reuse', logo(`${title}<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><rect id="r" width="9" height="9" fill="url(#g)"/><use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#r"/>`)],
  ['with width and height', logo(title, `${attributes.replace(/ viewBox="[^"]*"/, '')} width="96px" height="96px"`)],
  ['what metadata holds is anybody’s', logo(`${title}<metadata><x:any xmlns:x="urn:x" onclick="1"><script/></x:any></metadata>`)],
  ['a prefix for SVG', '<s:svg xmlns:s="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0,0,1e2,100"><s:title>A</s:title></s:svg>'],
])('%s', (_name, octets) => expect(parseBimiLogo(octets)).toMatchObject({ problems: [], valid: true }))

test('the title', () => {
  expect(parseBimiLogo(logo('<title>B\xc3\xbccher &amp; Co</title>'))).toMatchObject({ title: 'Bücher & Co', valid: true })
  expect(codes(logo('<g><title>not here</title></g>'))).toEqual(['missing-title title 2'])
  expect(codes(logo('<title> </title>'))).toEqual(['empty-title title 3'])
  expect(codes(logo(`<title>${'a'.repeat(65)}</title>`))).toEqual([`long-title ${'a'.repeat(65)} 3`])
})

test.each([
  ['', ['not-well-formed document must contain a root element. 1']],
  ['no XML', ['not-well-formed text data outside of root node. 1']],
  [logo('<title>A</g>'), ['not-well-formed unexpected close tag. 3']],
  [logo('<title>&nbsp;</title>'), ['not-well-formed undefined entity. 3']],
  ['<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<svg>&b;</svg>', ['doctype DOCTYPE 1', 'not-svg svg 2', 'not-well-formed undefined entity. 2']],
  ['\xff\xfe', ['not-utf8  1']],
  ['<html/>', ['not-svg html 1', 'missing-title title 1']],
  ['<svg/>', ['not-svg svg 1', 'missing-title title 1']],
  [logo(title, 'xmlns="http://www.w3.org/2000/svg"'), ['bad-version version="" 2', 'bad-profile baseProfile="" 2', 'no-size svg 2']],
  [logo(title, attributes.replace('tiny-ps', 'tiny').replace('1.2', '1.1')), ['bad-version version="1.1" 2', 'bad-profile baseProfile="tiny" 2']],
  [logo(title, `${attributes} x="0" y="1px" zoomAndPan="magnify"`), ['root-position x 2', 'root-position y 2', 'bad-root-attribute zoomAndPan="magnify" 2']],
  [logo(title, attributes.replace('0 0 100 100', '0 0 100 50')), ['not-square viewBox="0 0 100 50" 2']],
  [logo(title, attributes.replace('0 0 100 100', '0 0 a b')), ['not-square viewBox="0 0 a b" 2']],
  [logo(title, `${attributes} width="10px" height="10em"`), ['not-square width="10px" height="10em" 2']],
  [logo(`${title}<script>alert(1)</script><script/>`), ['forbidden-element script 4']],
  [logo(`${title}<image href="data:image/png;base64,AAAA"/>`), ['forbidden-element image 4', 'external-reference href="data:image/png;base64,AAAA" 4']],
  [logo(`${title}<metadata><a/></metadata><video/>`), ['forbidden-element video 4']],
  [logo(`${title}<a><svg/></a>`), ['forbidden-element a 4', 'forbidden-element svg 4']],
  [logo(`${title}<x:named xmlns:x="urn:x"/>`), ['forbidden-element x:named 4']],
  [logo(`${title}<g onload="x()" style="fill: red" fill="url( 'http://example.com/#a')"/>`), ['event-handler onload 4', 'style-attribute style 4', 'external-reference fill="url( \'http://example.com/#a\')" 4']],
  [`<?xml-stylesheet href="x.css"?>\n${logo(title).slice(39)}`, ['style-sheet xml-stylesheet 1']],
])('%j', (octets, expected) => {
  expect(codes(octets)).toEqual(expected)
  expect(parseBimiLogo(octets).valid).toBe(false)
})

test('notes leave it valid', () => {
  const octets = `<!DOCTYPE svg>\n${logo(title, `${attributes} width="100%" height="100%"`).slice(39)}`
  expect(codes(octets)).toEqual(['doctype DOCTYPE 1', 'relative-size 100% 100% 2'])
  expect(parseBimiLogo(octets).valid).toBe(true)
})

test('size, depth, packing', () => {
  expect(codes(logo(`${title}<!--${'x'.repeat(33_000)}-->`))).toEqual(['too-large 33175 octets 1'])
  expect(codes('x'.repeat(100_000))).toEqual(['too-large 100000 octets 1'])
  expect(codes(logo(title + '<g>'.repeat(5000)))).toEqual(['too-deep g 4'])
  expect([isSvgz('\x1f\x8b\x08'), isSvgz('<svg')]).toEqual([true, false])
})

test('any octets: a verdict, in time', () => {
  const piece = fc.oneof(fc.constantFrom('<svg ', attributes, '>', '<title>', '</title>', '</svg>', '<g', '/>', '&', ';', '"', '<!', '<?', ']]>', 'xmlns:a="', 'a:b="1" '), fc.nat(255).map(code => String.fromCharCode(code)))
  fc.assert(fc.property(fc.array(piece).map(pieces => pieces.join('')), octets => {
    const { valid, problems } = parseBimiLogo(octets)
    expect(valid).toBe(problems.every(({ code }) => ['doctype', 'relative-size', 'long-title'].includes(code)))
  }))
})
