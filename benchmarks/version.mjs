import { run } from './support/process.mjs'
import { cli } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'version'
export const figure = 'tyrax --version / node -e 0'
export const target = { most: 1.3, unit: '×' }

export async function measure() {
  const { ours, theirs } = await interleave(
    15,
    async () => (await run(process.execPath, [cli, '--version'])).seconds,
    async () => (await run(process.execPath, ['-e', '0'])).seconds,
    { warmUp: true },
  )
  return { value: ours / theirs, detail: `${(ours * 1000).toFixed(0)} ms against ${(theirs * 1000).toFixed(0)} ms` }
}
