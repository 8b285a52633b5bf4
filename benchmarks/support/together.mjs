import { rm } from 'node:fs/promises'
import path from 'node:path'
import { removeImage } from './images.mjs'
import { work } from './process.mjs'
import { interleave } from './statistics.mjs'

const count = 8

/** Eight images at once and one alone, up to and down from the embedded cloud: MiB a second, and the peak of memory. */
export const together = (setting) =>
  setting.share('together', async () => {
    const { access } = await setting.embedded()
    const each = setting.bytes / 4
    const source = await setting.randomFile(each)
    const target = (index) => path.join(setting.folder, `together-${index}.raw`)
    const peaks = []
    const rates = { eight: { up: [], down: [] }, one: { up: [], down: [] } }
    const move = async (key, images) => {
      const up = await work('transfer', { ...access, upload: Array.from({ length: images }, () => source) })
      const download = up.ids.map((id, index) => ({ id, file: target(index) }))
      const down = await work('transfer', { ...access, download })
      for (const { file } of download) await rm(file)
      for (const id of up.ids) await removeImage(access, id)
      if (images > 1) peaks.push(up.peakRssMiB, down.peakRssMiB)
      const mib = (images * each) / 1024 ** 2
      rates[key].up.push(mib / up.seconds)
      rates[key].down.push(mib / down.seconds)
      return up.seconds + down.seconds
    }
    await interleave(
      3,
      () => move('eight', count),
      () => move('one', 1),
      { warmUp: true },
    )
    // The first of each warmed up.
    for (const { up, down } of Object.values(rates)) for (const values of [up, down]) values.shift()
    return { rates, peakRssMiB: Math.max(...peaks) }
  })
