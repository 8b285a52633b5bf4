import { curlUpload, makeImage } from './support/images.mjs'
import { start, work } from './support/process.mjs'
import { cli } from './support/setting.mjs'
import { median } from './support/statistics.mjs'

const runs = 5

/** Times and peaks of copies between two embedded clouds, and of each half alone, alternating. */
const measured = (setting) =>
  setting.share('copies', async () => {
    const { access } = await setting.embedded()
    const env = { ...process.env, TMPDIR: setting.folder }
    const other = await start(process.execPath, [cli, 'serve', '--port', '0', '--json', '--ephemeral'], { env })
    try {
      const file = await setting.randomFile(setting.bytes)
      const id = await makeImage(access)
      await curlUpload(access, id, file)
      const input = { from: access, to: { cloudsYaml: other.ready.cloudsYaml, cloudName: 'demo' }, id, file }
      const results = { copy: [], download: [], upload: [] }
      for (let run = -1; run < runs; run += 1) {
        for (const mode of Object.keys(results)) {
          const result = await work('copy', { ...input, mode })
          if (run >= 0) results[mode].push(result)
        }
      }
      return results
    } finally {
      await other.stop()
    }
  })

const seconds = (results) => median(results.map((each) => each.seconds))

const time = {
  name: 'copy',
  figure: 'verified copy between two embedded clouds / the slower of its download and its upload alone',
  target: { most: 1.1, unit: '×' },
  measure: async (setting) => {
    const { copy, download, upload } = await measured(setting)
    const [both, down, up] = [copy, download, upload].map(seconds)
    const detail = `${setting.size}: ${both.toFixed(2)} s against ${down.toFixed(2)} s and ${up.toFixed(2)} s`
    return { value: both / Math.max(down, up), detail }
  },
}

const memory = {
  name: 'copy-memory',
  figure: 'peak memory of the process that copies',
  target: { most: 150, unit: ' MiB' },
  measure: async (setting) => {
    const { copy } = await measured(setting)
    return { value: Math.max(...copy.map(({ peakRssMiB }) => peakRssMiB)), detail: setting.size }
  },
}

export const copies = [time, memory]
