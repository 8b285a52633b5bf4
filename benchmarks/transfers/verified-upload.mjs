import { curlUpload, makeImage, removeImage } from '../support/images.mjs'
import { work } from '../support/process.mjs'
import { interleave } from '../support/statistics.mjs'

export const name = 'verified-upload'
export const figure = 'verified upload to real Glance / curl -T, which verifies nothing'
export const target = { most: 1.05, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.real()
  const file = await setting.randomFile(setting.bytes)
  const { ours, theirs } = await interleave(
    5,
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
  return { value: ours / theirs, detail: `${setting.size}: ${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
