import { rm } from 'node:fs/promises'
import path from 'node:path'
import { removeImage } from './support/images.mjs'
import { work } from './support/process.mjs'
import { GiB } from './support/setting.mjs'

export const name = 'memory'
export const figure = 'peak memory of an upload and a download, 1 GiB and 8 GiB'
export const target = { most: 180, unit: ' MiB' }

export async function measure(setting) {
  const { access } = await setting.real()
  const sizes = [
    { label: '1 GiB', file: await setting.randomFile(GiB) },
    { label: '8 GiB', file: await setting.sparseFile(8 * GiB) },
  ]
  const peaks = []
  for (const { label, file } of sizes) {
    const up = await work('transfer', { ...access, upload: file })
    const target = path.join(setting.folder, 'downloaded.raw')
    const down = await work('transfer', { ...access, download: { id: up.id, file: target } })
    await rm(target, { force: true })
    await removeImage(access, up.id)
    peaks.push([`up ${label}`, up.peakRssMiB], [`down ${label}`, down.peakRssMiB])
  }
  return {
    value: Math.max(...peaks.map(([, peak]) => peak)),
    detail: peaks.map(([what, peak]) => `${what}: ${peak.toFixed(0)} MiB`).join(', '),
  }
}
