import { rm } from 'node:fs/promises'
import path from 'node:path'
import { removeImage } from '../support/images.mjs'
import { work } from '../support/process.mjs'
import { sizeText } from '../support/setting.mjs'
import { sparsePeaks } from '../support/sparse-peaks.mjs'

export const name = 'transfer-memory'
export const figure =
  'peak memory of a verified upload and download: random bytes with real Glance, zeros 32 times as many with a sink that hashes nothing'
export const target = { most: 180, unit: ' MiB' }

export async function measure(setting) {
  const { access } = await setting.real()
  const file = path.join(setting.folder, 'downloaded.raw')
  const up = await work('transfer', { ...access, upload: await setting.randomFile(setting.bytes) })
  const down = await work('transfer', { ...access, download: { id: up.id, file } })
  await rm(file, { force: true })
  await removeImage(access, up.id)
  const { large } = await sparsePeaks(setting)
  const peaks = [
    [`up ${setting.size}`, up.peakRssMiB],
    [`down ${setting.size}`, down.peakRssMiB],
    [`up ${sizeText(32 * setting.bytes)}`, large.up],
    [`down ${sizeText(32 * setting.bytes)}`, large.down],
  ]
  return {
    value: Math.max(...peaks.map(([, peak]) => peak)),
    detail: peaks.map(([what, peak]) => `${what}: ${peak.toFixed(0)} MiB`).join(', '),
  }
}
