import { rm } from 'node:fs/promises'
import path from 'node:path'
import { run, work } from './process.mjs'
import { startSink } from './sink.mjs'

/** Peaks of resident memory, in MiB, of an upload and a download of zeros, small and 32 times as large. */
export const sparsePeaks = (setting) =>
  setting.share('peaks of sparse images', async () => {
    const small = await peaks(setting, setting.bytes)
    return { small, large: await peaks(setting, 32 * setting.bytes) }
  })

async function peaks(setting, bytes) {
  const { access } = await setting.embedded()
  const source = await setting.sparseFile(bytes)
  const { stdout } = await run('openssl', ['dgst', '-sha512', '-r', source])
  const sink = await startSink({ bytes, sha512: stdout.slice(0, 128) })
  const file = path.join(setting.folder, 'downloaded.raw')
  try {
    const through = { ...access, imageEndpointOverride: sink.url }
    const up = await work('transfer', { ...through, upload: source })
    const down = await work('transfer', { ...through, download: { id: up.id, file } })
    return { up: up.peakRssMiB, down: down.peakRssMiB }
  } finally {
    await rm(file, { force: true })
    await sink.close()
  }
}
