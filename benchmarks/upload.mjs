import { GiB } from './support/setting.mjs'
import { measureUploads } from './support/upload-ratio.mjs'

export const name = 'upload'
export const figure = 'verified upload of 1 GiB to real Glance / curl -T'
export const target = { most: 1.15, unit: '×' }

export async function measure(setting) {
  const { ours, theirs } = await measureUploads(setting, GiB, 3)
  return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
