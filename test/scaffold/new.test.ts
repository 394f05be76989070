import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { placeholder, scaffold } from './new.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'scaffold-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

test('writes a check and its test, and says what to register', () => {
  const told = scaffold(['check', 'mta-sts/mx-covered'], root)
  expect(told).toContain('import mtaStsMxCovered from \'./mta-sts/mx-covered.ts\'')
  for (const file of ['src/checks/mta-sts/mx-covered.ts', 'test/checks/mta-sts/mx-covered.test.ts']) {
    const text = readFileSync(join(root, file), 'utf8')
    expect(text).toContain('mta-sts/mx-covered')
    expect(text).toMatch(placeholder)
    expect(ts.transpileModule(text, { reportDiagnostics: true }).diagnostics).toEqual([])
  }
})

test.each([[[]], [['check']], [['check', 'dmarc']], [['check', 'Dmarc/Policy']], [['check', '../x/y']], [['probe', 'a/b']], [['check', 'a/b', 'c']]])(
  'explains itself: %j', args => {
    expect(() => scaffold(args, root)).toThrow(/^usage: npm run new check/)
    expect(readdirSync(root)).toEqual([])
  })

test('overwrites nothing', () => {
  scaffold(['check', 'mx/claim'], root)
  expect(() => scaffold(['check', 'mx/claim'], root)).toThrow('src/checks/mx/claim.ts exists already')
})

describe('no template text is left', () => {
  test.each(['src/checks', 'test/checks'])('in %s', folder => {
    const home = new URL(`../../${folder}/`, import.meta.url)
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
    expect(files.filter(file => placeholder.test(readFileSync(new URL(file, home), 'utf8')))).toEqual([])
  })
})
