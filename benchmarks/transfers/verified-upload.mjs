import { measureUploads } from '../support/upload-ratio.mjs'

export const name = 'verified-upload'
export const figure = 'verified upload to real Glance / curl -T, which verifies nothing'
export const target = { most: 1.05, unit: '×' }

export async function measure(setting) {
  const { ours, theirs } = await measureUploads(setting, setting.bytes, 5)
  return { value: ours / theirs, detail: `${setting.size}: ${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
