/** A page read by a parser that forgives nothing: what elements, attributes and text it is made of. */
import { SaxesParser } from 'saxes'

export interface ReadPage {
  readonly elements: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[]
  readonly text: string
}

/** Throws when the page is not well-formed, in which case something from outside has broken out of its place. */
export function readPage(page: string): ReadPage {
  const elements: { name: string; attributes: Record<string, string> }[] = []
  let text = ''
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }))
  parser.on('text', part => (text += part))
  parser.write(page.replace(/^<!DOCTYPE html>/, '')).close()
  return { elements, text }
}
