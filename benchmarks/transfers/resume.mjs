import { rm } from 'node:fs/promises'
import path from 'node:path'
import { cutLine } from '../support/cut-line.mjs'
import { imageToDownload } from '../support/downloads.mjs'
import { work } from '../support/process.mjs'
import { interleave } from '../support/statistics.mjs'

export const name = 'resume'
export const figure = 'verified download from real Glance whose line is cut at 90 %: from there to its end / a full one'
export const target = { most: 0.35, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.real()
  const id = await imageToDownload(setting)
  const file = path.join(setting.folder, 'resumed.raw')
  const download = async (over = {}) => {
    const done = await work('transfer', { ...access, ...over, download: { id, file } })
    await rm(file)
    return done
  }
  const { ours, theirs } = await interleave(
    5,
    async () => {
      const line = await cutLine(access.imageUrl, Math.floor(setting.bytes * 0.9))
      try {
        const { endedAt } = await download({ imageEndpointOverride: `${line.url}/v2` })
        if (line.cutAt() === undefined) throw new Error('the download was not cut')
        return (endedAt - line.cutAt()) / 1000
      } finally {
        await line.close()
      }
    },
    async () => (await download()).seconds,
    { warmUp: true },
  )
  const detail = `${setting.size}: ${ours.toFixed(2)} s after the cut, against ${theirs.toFixed(2)} s`
  return { value: ours / theirs, detail }
}
