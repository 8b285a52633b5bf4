import { together } from '../support/together.mjs'

export const name = 'eight-memory'
export const figure = 'peak memory of 8 images at once with the embedded cloud, the worse of up and down'
export const target = { most: 250, unit: ' MiB' }

export async function measure(setting) {
  const { peakRssMiB } = await together(setting)
  return { value: peakRssMiB, detail: 'of the one process that moves all 8' }
}
