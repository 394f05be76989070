/**
 * Records before they are published: does a receiver use them, and what is wrong with them where. Each kind's own parser
 * decides; here its problems get one form, in words.
 */
import { bimiProblems, isBimiNote, parseBimi } from './bimi.ts'
import { dkimSignatureProblems, isDkimSignatureNote, parseDkimSignature } from './dkim-signature.ts'
import { lintDkim } from './lint-dkim.ts'
import { lintDmarc } from './lint-dmarc.ts'
import { missing, worded, type LintResult } from './lint-problem.ts'
import { lintSpf } from './lint-spf.ts'
import { isMtaStsNote, isMtaStsPolicyNote, mtaStsPolicyProblems, mtaStsProblems, parseMtaSts, parseMtaStsPolicy } from './mta-sts.ts'
import { isTlsaNote, parseTlsa, tlsaProblems } from './tlsa.ts'
import { isTlsRptNote, parseTlsRpt, tlsRptProblems } from './tls-rpt.ts'

export type { LintProblem, LintResult } from './lint-problem.ts'

const linters = {
  spf: lintSpf,
  dkim: lintDkim,
  dmarc: lintDmarc,
  'mta-sts': (text: string) => {
    const { valid, problems } = parseMtaSts(text)
    return { valid, problems: problems.map(({ code, at, text: field }) => worded(mtaStsProblems, code, at, field, isMtaStsNote(code))) }
  },
  'mta-sts-policy': (text: string) => {
    const { valid, problems } = parseMtaStsPolicy(text)
    return {
      valid,
      problems: problems.map(({ code, at, line, text: row }) =>
        worded(mtaStsPolicyProblems, code, at, row === '' ? missing(code) ? '' : `line ${line}` : `line ${line}: ${row}`, isMtaStsPolicyNote(code))),
    }
  },
  'tls-rpt': (text: string) => {
    const { valid, problems } = parseTlsRpt(text)
    return { valid, problems: problems.map(({ code, at, text: field }) => worded(tlsRptProblems, code, at, field, isTlsRptNote(code))) }
  },
  tlsa: (text: string) => {
    const { valid, problems } = parseTlsa(text)
    return { valid, problems: problems.map(({ code, at, text: word }) => worded(tlsaProblems, code, at, word, isTlsaNote(code))) }
  },
  bimi: (text: string) => {
    const { valid, problems } = parseBimi(text)
    return { valid, problems: problems.map(({ code, at, tag }) => worded(bimiProblems, code, at, tag, isBimiNote(code))) }
  },
  'dkim-signature': (text: string) => {
    const { valid, problems } = parseDkimSignature(text)
    return { valid, problems: problems.map(({ code, at, tag }) => worded(dkimSignatureProblems, code, at, tag, isDkimSignatureNote(code))) }
  },
} satisfies Record<string, (text: string) => LintResult>

export type LintKind = keyof typeof linters
export const lintKinds = Object.keys(linters) as readonly LintKind[]

export function isLintKind(text: string): text is LintKind {
  return Object.hasOwn(linters, text)
}

/** `record`: the strings of a TXT record joined, or the text of the file, field or record; one character an octet. Never throws. */
export function lint(kind: LintKind, record: string): LintResult {
  const { valid, problems } = linters[kind](record)
  return { valid, problems: problems.toSorted((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity)) }
}
