import { makeImage, removeImage } from './support/images.mjs'
import { requestsPerSecond } from './support/load.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'list-images'
export const figure = 'the same list of 25 images: the embedded cloud’s requests per second / real Glance’s'
export const target = { least: 30, unit: '×' }

export async function measure(setting) {
  const [embedded, real] = [await setting.embedded(), await setting.real()]
  const made = []
  for (const { access } of [embedded, real]) {
    for (let index = 0; index < 40; index += 1) {
      made.push([
        access,
        await makeImage(access, { name: `benchmark ${index}`, tags: ['benchmark'], os_distro: 'debian' }),
      ])
    }
  }
  const rate = ({ access }) => requestsPerSecond(access, `${access.imageUrl}/images?limit=25`)
  const { ours, theirs } = await interleave(
    5,
    () => rate(embedded),
    () => rate(real),
    { warmUp: true },
  )
  for (const [access, id] of made) await removeImage(access, id)
  return { value: ours / theirs, detail: `${ours.toFixed(0)}/s against ${theirs.toFixed(0)}/s` }
}
