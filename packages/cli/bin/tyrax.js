#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'

// The commonest question of scripts is answered without parsing the whole bundle.
if (process.argv.length === 3 && process.argv[2] === '--version') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`tyrax ${version}\n`)
} else {
  // The HTTP parser is WebAssembly. Optimising it takes longer than most commands, and Node waits for that at its end.
  setFlagsFromString('--liftoff-only')
  await import('../dist/tyrax.js')
}
