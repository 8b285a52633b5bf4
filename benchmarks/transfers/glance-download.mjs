import path from 'node:path'
import { compareDownloads, tyraxDownload } from '../support/downloads.mjs'
import { run } from '../support/process.mjs'

export const name = 'glance-download'
export const figure = 'tyrax download from real Glance / glance image-download, whole commands'
export const target = { most: 0.7, unit: '×' }

export async function measure(setting) {
  const { access, authUrl, bin, clouds } = await setting.real()
  const { username, password, projectName } = clouds.demo
  const env = {
    ...process.env,
    OS_AUTH_URL: authUrl,
    OS_USERNAME: username,
    OS_PASSWORD: password,
    OS_PROJECT_NAME: projectName,
    OS_USER_DOMAIN_ID: 'default',
    OS_PROJECT_DOMAIN_ID: 'default',
    OS_IDENTITY_API_VERSION: '3',
  }
  const glance = path.join(bin, 'glance')
  return compareDownloads(
    setting,
    3,
    tyraxDownload({ access, folder: setting.folder }),
    async (id, file) => (await run(glance, ['image-download', '--file', file, id], { env })).seconds,
  )
}
