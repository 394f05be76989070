/** Worlds of a domain with a BIMI record and what it names, for the tables of BIMI. */
import type { Row } from '../../check-table.ts'

export const logoUrl = 'https://logo.example.com/logo.svg'
export const markUrl = 'https://logo.example.com/mark.pem'
export const enforced = '_dmarc.example.com TXT "v=DMARC1; p=reject"'
export const announced = `${enforced}\nlogo.example.com A 192.0.2.80\ndefault._bimi.example.com TXT "v=BIMI1; l=${logoUrl}; a=;"`
export const proven = announced.replace('a=;', `a=${markUrl};`)

export const svg = (root = '', inside = '<path d="M0 0h9v9z"/>'): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 9 9"${root}><title>Example</title>${inside}</svg>`

/** Why there is no logo to judge: what every check of it owes for each. */
export const withoutLogo: Record<string, Row> = {
  'no record': { zone: enforced, expect: { 'example.com': 'skip' } },
  'a record that declines': { zone: `${enforced}\ndefault._bimi.example.com TXT "v=BIMI1; l=; a=;"`, expect: { 'example.com': 'skip' } },
  'a certificate without logo': { zone: announced.replace(`l=${logoUrl}; a=;`, `l=; a=${markUrl};`), pages: { [markUrl]: '' }, expect: { 'example.com': 'skip' } },
  'two records': { zone: `${announced}\ndefault._bimi.example.com TXT "v=BIMI1; l=https://logo.example.com/b.svg;"`, expect: { 'example.com': 'skip' } },
  'a record that is not answered': { zone: `${enforced}\ndefault._bimi.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
}
