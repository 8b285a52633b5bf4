import { curlUpload, makeImage, removeImage } from './images.mjs'
import { work } from './process.mjs'
import { interleave } from './statistics.mjs'

/**
 * Seconds of a verified upload to real Glance, and of `curl -T`, which verifies nothing: medians of alternating runs.
 */
export async function measureUploads(setting, bytes, runs) {
  const { access } = await setting.real()
  const file = await setting.randomFile(bytes)
  return interleave(
    runs,
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
}
