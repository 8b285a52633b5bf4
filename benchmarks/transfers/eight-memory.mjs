import { together } from '../support/together.mjs'

export const name = 'eight-memory'
export const figure =
  'peak memory while 8 images at once go up to and down from the embedded cloud, the worse of the two processes'
export const target = { most: 250, unit: ' MiB' }

export async function measure(setting) {
  const { peakRssMiB, cloudPeakRssMiB } = await together(setting)
  const mib = (peak) => `${peak.toFixed(0)} MiB`
  return {
    value: Math.max(peakRssMiB, cloudPeakRssMiB),
    detail: `${mib(peakRssMiB)} where all 8 are moved, ${mib(cloudPeakRssMiB)} in the embedded cloud`,
  }
}
