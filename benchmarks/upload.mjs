import { curlUpload, makeImage, removeImage } from './support/images.mjs'
import { work } from './support/process.mjs'
import { GiB } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'upload'
export const figure = 'verified upload of 1 GiB to real Glance / curl -T'
export const target = { most: 1.15, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.real()
  const file = await setting.randomFile(GiB)
  const { ours, theirs } = await interleave(
    3,
    async () => {
      const { id, seconds } = await work('transfer', { ...access, upload: file })
      await removeImage(access, id)
      return seconds
    },
    async () => {
      const id = await makeImage(access)
      const seconds = await curlUpload(access, id, file)
      await removeImage(access, id)
      return seconds
    },
    { warmUp: true },
  )
  return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
