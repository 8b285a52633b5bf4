import path from 'node:path'
import { plainEnvironment } from './support/plain-environment.mjs'
import { run } from './support/process.mjs'
import { cli } from './support/setting.mjs'
import { interleave } from './support/statistics.mjs'

export const name = 'list-command'
export const figure = 'tyrax list with a cached token / openstack image list'
export const target = { most: 0.08, unit: '×' }

export async function measure(setting) {
  const { access, bin } = await setting.real()
  const cache = path.join(setting.folder, 'cache')
  const env = {
    ...plainEnvironment(),
    OS_CLIENT_CONFIG_FILE: access.cloudsYaml,
    OS_CLOUD: access.cloudName,
    XDG_CACHE_HOME: cache,
    XDG_STATE_HOME: cache,
  }
  const { ours, theirs } = await interleave(
    5,
    async () => (await run(process.execPath, [cli, 'list'], { env })).seconds,
    async () => (await run(path.join(bin, 'openstack'), ['image', 'list'], { env })).seconds,
    { warmUp: true },
  )
  return { value: ours / theirs, detail: `${(ours * 1000).toFixed(0)} ms against ${(theirs * 1000).toFixed(0)} ms` }
}
