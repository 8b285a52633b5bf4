import { run } from '../support/process.mjs'
import { cli } from '../support/setting.mjs'
import { sparseQcow2 } from '../support/sparse-qcow2.mjs'
import { interleave } from '../support/statistics.mjs'

export const name = 'inspect'
export const figure = 'tyrax inspect of a sparse qcow2 of 100 GiB, beyond what tyrax --version takes / node -e 0'
export const target = { most: 2, unit: '×' }

export async function measure(setting) {
  const file = await sparseQcow2(setting)
  const tyrax = async (...args) => (await run(process.execPath, [cli, ...args])).seconds
  const starting = []
  const { ours, theirs } = await interleave(
    15,
    async () => {
      const start = await tyrax('--version')
      starting.push(start)
      return (await tyrax('inspect', '--check', file)) - start
    },
    async () => (await run(process.execPath, ['-e', '0'])).seconds,
    { warmUp: true },
  )
  const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`
  return { value: ours / theirs, detail: `${ms(ours)} beyond ${ms(Math.min(...starting))}, against ${ms(theirs)}` }
}
