import path from 'node:path'
import { run } from './support/process.mjs'
import { cli } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'
import { checkCount, imageName, withTenThousand } from './support/ten-thousand.mjs'

export const name = 'list-ten-thousand'
export const figure = 'tyrax list -f json of 10,000 images on real Glance / a program of gophercloud, whole commands'
export const target = { most: 0.7, unit: '×' }

export async function measure(setting) {
  const { ours, theirs } = await withTenThousand(setting, ({ cloud, program, env }) => {
    const own = { ...env, OS_CLOUD: cloud, XDG_CACHE_HOME: path.join(setting.folder, 'cache') }
    return interleave(
      5,
      async () => {
        const { seconds, stdout } = await run(process.execPath, [cli, 'list', '--name', imageName, '-f', 'json'], {
          env: own,
        })
        checkCount(JSON.parse(stdout).length)
        return seconds
      },
      async () => (await run(program, [cloud, imageName], { env })).seconds,
      { warmUp: true },
    )
  })
  return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
