// Compiles every package in order of its references, then bundles the command line into one file.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

run('scripts/write-versions.mjs')
run('node_modules/typescript-native/bin/tsc', '--build')
run('node_modules/tsdown/dist/run.mjs', '--config', 'packages/cli/tsdown.config.ts', '--logLevel', 'error')

// Printed without loading the bundle.
const { programHelp } = await import('../packages/cli/dist/run/program.js')
writeFileSync('packages/cli/dist/help.txt', programHelp([]))
