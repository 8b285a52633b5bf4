import { sparsePeaks } from '../support/sparse-peaks.mjs'

export const name = 'memory-growth'
export const figure = 'peak memory of 32 times as many zeros / of the same once, with a sink that hashes nothing'
// Two runs of the same transfer differ by about this much: we do not control when the garbage collector runs.
export const target = { most: 1.15, unit: '×' }

export async function measure(setting) {
  const { small, large } = await sparsePeaks(setting)
  const mib = (peak) => `${peak.toFixed(0)} MiB`
  return {
    value: Math.max(large.up / small.up, large.down / small.down),
    detail: `up ${mib(small.up)}, then ${mib(large.up)}; down ${mib(small.down)}, then ${mib(large.down)}`,
  }
}
