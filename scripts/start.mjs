// The one-line tour: installs what is missing, builds, and runs the quickstart on an embedded cloud.
// `npm start -- my-image.qcow2` uses your own image.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`tyrax needs Node 20.19 or newer; this is ${process.version}.`)
  process.exit(1)
}

function step(what, command, args) {
  console.log(`\n▸ ${what}`)
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}

if (!existsSync(path.join(root, 'node_modules', '.package-lock.json'))) {
  step('Installing dependencies (npm ci, half a minute)', 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'])
}
step('Building', process.execPath, ['scripts/build.mjs'])

const given = process.argv.slice(2).map((file) => path.resolve(process.env.INIT_CWD ?? process.cwd(), file))
step('Running examples/quickstart.mjs on an embedded cloud', process.execPath, ['examples/quickstart.mjs', ...given])
