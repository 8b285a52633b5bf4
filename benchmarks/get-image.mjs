import { makeImage, removeImage } from './support/images.mjs'
import { requestsPerSecond } from './support/load.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'get-image'
export const figure = 'GET /v2/images/{id}: the embedded cloud’s requests per second / real Glance’s'
export const target = { least: 40, unit: '×' }

export async function measure(setting) {
  const [embedded, real] = [await setting.embedded(), await setting.real()]
  const ids = new Map()
  for (const { access } of [embedded, real]) ids.set(access, await makeImage(access, { name: 'benchmark' }))
  const rate = ({ access }) => requestsPerSecond(access, `${access.imageUrl}/images/${ids.get(access)}`)
  const { ours, theirs } = await interleave(
    5,
    () => rate(embedded),
    () => rate(real),
    { warmUp: true },
  )
  for (const [access, id] of ids) await removeImage(access, id)
  return { value: ours / theirs, detail: `${ours.toFixed(0)}/s against ${theirs.toFixed(0)}/s` }
}
