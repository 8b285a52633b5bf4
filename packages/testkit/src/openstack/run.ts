// Runs the real services by hand:
// `node packages/testkit/dist/openstack/run.js [--check] [--keep-logs] [--token-life SECONDS]`. Prints one line of JSON
// when they are ready and runs until SIGTERM or SIGINT. `--check` only reports whether the Python environment is
// complete: exit code 0 or 1.
import { parseArgs } from 'node:util'
import { cacheFolder } from './cache-folder.js'
import { LaunchError } from './launch-error.js'
import { findEnvironment } from './python-environment.js'
import { startOpenStack } from './start-openstack.js'

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    'keep-logs': { type: 'boolean', default: false },
    'token-life': { type: 'string', default: '3600' },
  },
})

const print = (line: string) => process.stdout.write(`${line}\n`)
const say = (line: string) => process.stderr.write(`${line}\n`)

try {
  if (values.check) await check()
  else await serve()
} catch (error) {
  if (!(error instanceof LaunchError)) throw error
  say(error.message)
  process.exitCode = 1
}

async function check(): Promise<void> {
  const { environment, whole } = await findEnvironment(cacheFolder())
  print(`${environment.folder}: ${whole ? 'whole' : 'missing or half made'}`)
  if (!whole) process.exitCode = 1
}

async function serve(): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
  const tokenLifeSeconds = Number(values['token-life'])
  if (!Number.isInteger(tokenLifeSeconds) || tokenLifeSeconds < 1)
    throw new LaunchError('--token-life takes whole seconds, 1 or more.')
  const cloud = await startOpenStack({ say, tokenLifeSeconds, keepLogs: values['keep-logs'] })
  const { cloudsYaml, authUrl, imageUrl, logs, bin, clouds, info } = cloud
  print(
    JSON.stringify({
      ready: true,
      cloudsYaml,
      clouds: Object.keys(clouds),
      info,
      authUrl,
      imageUrl,
      logs,
      bin,
      pid: process.pid,
    }),
  )
  // Signal handlers do not keep Node alive; this does.
  const stay = setInterval(() => {}, 60_000)
  await asked
  clearInterval(stay)
  await cloud.close()
}
