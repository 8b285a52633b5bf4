import { curlUpload, makeImage, removeImage } from './support/images.mjs'
import { GiB } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'embedded-upload'
export const figure = "upload of 1 GiB by curl: the embedded cloud's throughput / real Glance's"
export const target = { least: 3, unit: '×' }

export async function measure(setting) {
  const [embedded, real] = [await setting.embedded(), await setting.real()]
  const file = await setting.randomFile(GiB)
  const upload = async ({ access }) => {
    const id = await makeImage(access)
    const seconds = await curlUpload(access, id, file)
    await removeImage(access, id)
    return seconds
  }
  const { ours, theirs } = await interleave(
    3,
    () => upload(embedded),
    () => upload(real),
    { warmUp: true },
  )
  const rate = (seconds) => `${(1024 / seconds).toFixed(0)} MiB/s`
  return { value: theirs / ours, detail: `${rate(ours)} against ${rate(theirs)}` }
}
