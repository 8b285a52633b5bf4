import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Scene } from './scene.js'

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url))

/** Written before the download begins. */
const begins = 'begins'

const code = `
import { connect } from '@tyrax/sdk'
const { connection, id, options } = JSON.parse(process.argv[1])
const cloud = await connect(connection)
process.stdout.write('${begins}')
try {
  await cloud.images.download(id, options)
} catch (error) {
  process.stderr.write(JSON.stringify({ name: error.name, message: error.message, hint: error.hint }))
  process.exitCode = 1
}
await cloud.close()
`

/** Starts a download in a process of its own, with the built packages; resolves when it is about to begin. */
export async function downloadElsewhere(
  at: Scene,
  options: { readonly concurrency?: number; readonly prepare?: string } = {},
): Promise<ChildProcess> {
  const { prepare = '', ...rest } = options
  const given = {
    connection: {
      auth: { authUrl: at.under.identity.url, username: 'demo', password: 'secret', projectName: 'demo' },
      imageEndpointOverride: `${at.under.image.url}/v2`,
    },
    id: at.id,
    options: { to: at.to, overwrite: true, ...rest },
  }
  const run = `${prepare} exec "$0" --input-type=module -e "$1" "$2"`
  const child = spawn('sh', ['-c', run, process.execPath, code, JSON.stringify(given)], {
    cwd: packageFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await once(child.stdout, 'data')
  return child
}
