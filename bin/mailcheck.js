#!/usr/bin/env node
// @oclif/core warns about Node 20 when it is imported, so this stands before the import.
process.env.OCLIF_DISABLE_ENGINE_WARNING ??= '1'

// Until a command listens for itself, Ctrl-C ends what has not begun, with the status that it always has.
process.on('SIGINT', () => {
  if (process.listenerCount('SIGINT') === 1) process.exit(130)
})

let main
try {
  ({ main } = await import('../dist/cli.js'))
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('cli.js')) throw error
  process.stderr.write('mailcheck: it has not been built yet: run "npm ci" or "npm run build" first\n')
  process.exit(70)
}
await main(process.argv.slice(2))
process.exit() // with the status that was set: connections that a resolver keeps open would hold us up
