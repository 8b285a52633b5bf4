import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { removeImage } from './images.mjs'
import { work } from './process.mjs'
import { interleave } from './statistics.mjs'

const count = 8

/**
 * Eight images at once, and the same eight one after the other, up to and down from the embedded cloud: MiB per second,
 * and the peaks of memory. Both transfer the same number of bytes, because a disk and its cache may absorb one image
 * quickly but not eight.
 */
export const together = (setting) =>
  setting.share('together', async () => {
    const { access, pid } = await setting.embedded()
    const each = setting.bytes / 4
    const source = await setting.randomFile(each)
    const target = (index) => path.join(setting.folder, `together-${index}.raw`)
    const peaks = []
    const rates = { eight: { up: [], down: [] }, one: { up: [], down: [] } }
    const move = async (key, groups) => {
      const ups = []
      for (const images of groups) ups.push(await work('transfer', { ...access, upload: images.map(() => source) }))
      const ids = ups.flatMap((up) => up.ids)
      const downs = []
      for (const images of groups) {
        const download = images.map((index) => ({ id: ids[index], file: target(index) }))
        downs.push(await work('transfer', { ...access, download }))
      }
      for (const index of groups.flat()) await rm(target(index))
      for (const id of ids) await removeImage(access, id)
      if (key === 'eight') peaks.push(...[...ups, ...downs].map(({ peakRssMiB }) => peakRssMiB))
      const mib = (count * each) / 1024 ** 2
      const seconds = (all) => all.reduce((sum, one) => sum + one.seconds, 0)
      rates[key].up.push(mib / seconds(ups))
      rates[key].down.push(mib / seconds(downs))
      return seconds(ups) + seconds(downs)
    }
    const images = Array.from({ length: count }, (_, index) => index)
    await interleave(
      3,
      () => move('eight', [images]),
      () =>
        move(
          'one',
          images.map((index) => [index]),
        ),
      { warmUp: true },
    )
    // The first of each was a warm-up.
    for (const { up, down } of Object.values(rates)) for (const values of [up, down]) values.shift()
    return { rates, peakRssMiB: Math.max(...peaks), cloudPeakRssMiB: await peakOf(pid) }
  })

/** The peak that the kernel recorded for another process (proc(5)). */
async function peakOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}
