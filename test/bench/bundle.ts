/** A script of this folder as users get the program: bundled as `npm run build` does it, without a loader in between. */
import { join } from 'node:path'
import { build } from 'esbuild'
import { packageManifest, packageRoot } from '../../src/package.ts'

const made = new Map<string, Promise<string>>()

/** The file to run. */
export function bundled(script: string): Promise<string> {
  const known = made.get(script) ?? bundle(script)
  made.set(script, known)
  return known
}

async function bundle(script: string): Promise<string> {
  const root = packageRoot()
  const outdir = join(root, 'test/output/bench', script.replace(/\.ts$/, ''))
  await build({
    absWorkingDir: root, entryPoints: [join('test/bench', script)], outdir, bundle: true, splitting: true, platform: 'node', format: 'esm', target: 'node20',
    logLevel: 'warning', logOverride: { 'empty-import-meta': 'silent' },
    alias: { yaml: './node_modules/yaml/browser/index.js' }, external: ['typescript', 'ts-node', 'tsx'], banner: { js: bannerOfBuild() },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
  })
  return join(outdir, script.replace(/\.ts$/, '.js'))
}

/** What packages that are no modules need at the top of the bundle: said once, in package.json. */
function bannerOfBuild(): string {
  const { build: command } = packageManifest()['scripts'] as { readonly build: string }
  return /--banner:js='([^']*)'/.exec(command)?.[1] ?? ''
}
