import { run, work } from './support/process.mjs'
import { interleave } from './support/statistics.mjs'
import { checkCount, imageName, withTenThousand } from './support/ten-thousand.mjs'

export const name = 'list-all'
export const figure = 'SDK, listAll of 10,000 images on real Glance / gophercloud with pages of 1,000'
export const target = { most: 0.65, unit: '×' }

export async function measure(setting) {
  const secondsOf = (printed) => {
    checkCount(printed.count)
    return printed.seconds
  }
  const { ours, theirs } = await withTenThousand(setting, ({ cloudsYaml, cloud, program, env }) =>
    interleave(
      5,
      async () => secondsOf(await work('list-all', { cloudsYaml, cloud, name: imageName })),
      async () => secondsOf(JSON.parse((await run(program, [cloud, imageName], { env })).stdout)),
      { warmUp: true },
    ),
  )
  return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
