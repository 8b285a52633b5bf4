import { compareDownloads } from '../support/downloads.mjs'
import { curlDownload } from '../support/images.mjs'
import { run, work } from '../support/process.mjs'

export const name = 'verified-download'
export const figure = 'verified download from real Glance / curl -o, then openssl dgst -sha512'
export const target = { most: 0.8, unit: '×' }

export async function measure(setting) {
  const { access } = await setting.real()
  return compareDownloads(
    setting,
    7,
    async (id, file) => (await work('transfer', { ...access, download: { id, file } })).seconds,
    async (id, file) => {
      const fetched = await curlDownload(access, id, file)
      return fetched + (await run('openssl', ['dgst', '-sha512', file])).seconds
    },
  )
}
