import path from 'node:path'
import { compareDownloads, tyraxDownload } from '../support/downloads.mjs'
import { run } from '../support/process.mjs'

export const name = 'openstack-download'
export const figure = 'tyrax download from real Glance / openstack image save, whole commands'
export const target = { most: 0.35, unit: '×' }

export async function measure(setting) {
  const { access, bin } = await setting.real()
  const env = { ...process.env, OS_CLIENT_CONFIG_FILE: access.cloudsYaml, OS_CLOUD: access.cloudName }
  const openstack = path.join(bin, 'openstack')
  return compareDownloads(
    setting,
    2,
    tyraxDownload({ access, folder: setting.folder }),
    async (id, file) => (await run(openstack, ['image', 'save', '--file', file, id], { env })).seconds,
  )
}
