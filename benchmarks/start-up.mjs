import { plainEnvironment } from './support/plain-environment.mjs'
import { run } from './support/process.mjs'
import { cli } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

/** A command line compared with Node that does nothing. */
function startUp(name, argv, most, prepare = async () => plainEnvironment()) {
  return {
    name,
    figure: `tyrax ${argv.join(' ')} / node -e 0`,
    target: { most, unit: '×' },
    measure: async (setting) => {
      const env = await prepare(setting)
      const { ours, theirs } = await interleave(
        25,
        async () => (await run(process.execPath, [cli, ...argv], { env })).seconds,
        async () => (await run(process.execPath, ['-e', '0'], { env })).seconds,
        { warmUp: true },
      )
      return { value: ours / theirs, detail: `${(ours * 1000).toFixed(0)} ms against ${(theirs * 1000).toFixed(0)} ms` }
    },
  }
}

/** The embedded cloud of a folder of its own, whose background process is running. */
async function background(setting) {
  const { folder } = setting
  const env = { ...plainEnvironment(), TYRAX_DATA_DIR: `${folder}/data`, XDG_CACHE_HOME: `${folder}/cache` }
  const tyrax = (...argv) => run(process.execPath, [cli, ...argv], { env })
  await tyrax('--os-cloud', 'embedded', 'create', 'one')
  setting.atEnd(() => tyrax('serve', '--stop'))
  return env
}

export const startUps = [
  startUp('version', ['--version'], 1.3),
  startUp('help', ['--help'], 1.3),
  startUp('list-embedded', ['--os-cloud', 'embedded', 'list'], 1.6, background),
]
