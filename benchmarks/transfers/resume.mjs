import { rm } from 'node:fs/promises'
import path from 'node:path'
import { cutLine } from '../support/cut-line.mjs'
import { imageToDownload } from '../support/downloads.mjs'
import { work } from '../support/process.mjs'
import { interleave } from '../support/statistics.mjs'

export const name = 'resume'
export const figure =
  'verified download from real Glance whose line is cut at 90 %: from there to its end / a full one over the same line'
export const target = { most: 0.35, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.real()
  const id = await imageToDownload(setting)
  const file = path.join(setting.folder, 'resumed.raw')
  const over = async (afterBytes) => {
    const line = await cutLine(access.imageUrl, afterBytes)
    try {
      const done = await work('transfer', {
        ...access,
        imageEndpointOverride: `${line.url}/v2`,
        download: { id, file },
      })
      await rm(file)
      return { ...done, cutAt: line.cutAt() }
    } finally {
      await line.close()
    }
  }
  const { ours, theirs } = await interleave(
    5,
    async () => {
      const { endedAt, cutAt } = await over(Math.floor(setting.bytes * 0.9))
      if (cutAt === undefined) throw new Error('the download was not cut')
      return (endedAt - cutAt) / 1000
    },
    // The line itself takes time, so the full download uses one as well, which is never cut.
    async () => (await over(Number.POSITIVE_INFINITY)).seconds,
    { warmUp: true },
  )
  const detail = `${setting.size}: ${ours.toFixed(2)} s after the cut, against ${theirs.toFixed(2)} s`
  return { value: ours / theirs, detail }
}
