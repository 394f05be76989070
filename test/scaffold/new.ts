/** `npm run new check mx/route-exists`: writes a check and its test from a template, and says what to add to the registry. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** What stands between these is for the author to replace; a test fails while any is left. */
export const placeholder = /⟨[^⟩]*⟩/

const usage = 'usage: npm run new check TOPIC/CLAIM, in small letters and hyphens: npm run new check dmarc/policy-enforced'

/** Writes both files below `root` and returns the words for the author. Throws when the id is none, or is taken. */
export function scaffold(args: readonly string[], root: string): string {
  const [kind, id = '', ...rest] = args
  const word = '[a-z0-9]+(?:-[a-z0-9]+)*'
  if (kind !== 'check' || rest.length > 0 || !new RegExp(`^${word}/${word}$`).test(id)) throw new Error(usage)
  const check = `src/checks/${id}.ts`
  const test = `test/checks/${id}.test.ts`
  for (const file of [check, test]) if (existsSync(join(root, file))) throw new Error(`${file} exists already`)
  const name = id.replace(/[-/]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  for (const [file, text] of [[check, checkTemplate(id)], [test, testTemplate(id, name)]] as const) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return `Wrote ${check}
  and ${test}

Replace everything between ⟨ and ⟩ (a test fails while any is left), and add to src/checks/index.ts, beside the topic's others:

  import ${name} from './${id}.ts'
  …
    ${name},

Then: npx vitest run --config test/vitest.config.ts test/checks/${id}.test.ts`
}

function checkTemplate(id: string): string {
  return `import { defineCheck, fail, pass } from '../define.ts'

export default defineCheck({
  id: '${id}',
  title: '⟨The claim that holds when the check passes⟩',
  severity: 'notice', // ⟨by consequence: critical, error, warning, notice⟩
  question: 'receive', // ⟨receive, send, access, protect⟩
  rfc: ['⟨RFC 5321 §5.1⟩'],
  needs: ['mx'], // ⟨the facts it judges: src/probes/index.ts⟩
  over: ({ mx }) => mx.hosts, // ⟨what is judged one by one; leave it out to judge the domain⟩
  nothing: '⟨why there may be nothing to judge⟩',
  judge(host) {
    if (host.name !== '') return pass
    return fail('failed', { host: host.name }, { from: 'dns', name: host.name, type: 'MX', text: '⟨what was seen⟩', ttl: null })
  },
  messages: {
    failed: '{host} ⟨is wrong: what, in one line, with the value seen⟩',
  },
  explain: \`⟨Why it matters: what happens to whom when the claim does not hold.⟩\`,
  remedy: host => ({ text: \`⟨What to do at⟩ \${host.name}⟨: an instruction, with the very record where there is one⟩\` }),
})
`
}

function testTemplate(id: string, name: string): string {
  return `import ${name} from '../../../src/checks/${id}.ts'
import { checkTable } from '../../check-table.ts'

checkTable(${name}, {
  '⟨a domain in order⟩': {
    zone: \`
      example.com      MX  10 mx1.example.com
      mx1.example.com  A   192.0.2.1
    \`,
    expect: { 'mx1.example.com': 'pass' },
  },
  '⟨the fault; every message needs a row⟩': {
    zone: 'example.com MX 10 mx1.example.com',
    expect: { 'mx1.example.com': 'failed' },
  },
  '⟨what it does not apply to⟩': {
    zone: 'example.com MX 0 .',
    expect: { 'example.com': 'skip' },
  },
  'a resolver that fails': {
    zone: 'example.com MX (servfail)',
    expect: { 'example.com': 'unknown:dns-servfail' },
  },
})
`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    console.log(scaffold(process.argv.slice(2), fileURLToPath(new URL('../..', import.meta.url))))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}
