import { rm } from 'node:fs/promises'
import path from 'node:path'
import { curlUpload, makeImage } from './images.mjs'
import { run } from './process.mjs'
import { cli } from './setting.mjs'
import { interleave } from './statistics.mjs'

/** An image of random bytes on real Glance, shared by all figures that download one. Resolves to its id. */
export const imageToDownload = (setting) =>
  setting.share('image to download', async () => {
    const { access } = await setting.real()
    const id = await makeImage(access)
    await curlUpload(access, id, await setting.randomFile(setting.bytes))
    return id
  })

/**
 * Compares two ways to download the same image, alternating; each takes the image and the target file, and returns its
 * seconds. Ours removes an existing file itself, just before its clock starts.
 */
export async function compareDownloads(setting, pairs, ours, theirs) {
  const id = await imageToDownload(setting)
  const file = path.join(setting.folder, 'downloaded.raw')
  const theirsAnew = async () => {
    await rm(file, { force: true })
    return theirs(id, file)
  }
  const medians = await interleave(pairs, () => ours(id, file), theirsAnew, { warmUp: true })
  await rm(file, { force: true })
  const detail = `${setting.size}: ${medians.ours.toFixed(2)} s against ${medians.theirs.toFixed(2)} s`
  return { value: medians.ours / medians.theirs, detail }
}

/** The whole command `tyrax download`, from start to exit. */
export function tyraxDownload({ access, folder }) {
  const env = {
    ...process.env,
    OS_CLIENT_CONFIG_FILE: access.cloudsYaml,
    OS_CLOUD: access.cloudName,
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    XDG_STATE_HOME: path.join(folder, 'cache'),
  }
  return async (id, file) => {
    await rm(file, { force: true })
    const args = [cli, 'download', id, '--output', file, '--progress', 'none']
    return (await run(process.execPath, args, { env })).seconds
  }
}
