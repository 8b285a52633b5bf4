import { rm } from 'node:fs/promises'
import path from 'node:path'
import { curlDownload, curlUpload, makeImage, removeImage } from './support/images.mjs'
import { run, work } from './support/process.mjs'
import { GiB } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'download'
export const figure = 'verified download of 1 GiB from real Glance / curl -o, then openssl dgst -sha512'
export const target = { most: 1.2, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.real()
  const id = await makeImage(access)
  await curlUpload(access, id, await setting.randomFile(GiB))
  const file = path.join(setting.folder, 'downloaded.raw')
  const { ours, theirs } = await interleave(
    3,
    async () => (await work('transfer', { ...access, download: { id, file } })).seconds,
    async () => {
      await rm(file, { force: true })
      const fetched = await curlDownload(access, id, file)
      return fetched + (await run('openssl', ['dgst', '-sha512', file])).seconds
    },
    { warmUp: true },
  )
  await rm(file, { force: true })
  await removeImage(access, id)
  return { value: ours / theirs, detail: `${ours.toFixed(2)} s against ${theirs.toFixed(2)} s` }
}
