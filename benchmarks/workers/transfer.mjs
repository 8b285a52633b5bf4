// One upload or download through the SDK in a process of its own. Prints seconds and the peak of resident memory.
import { connect, fromFile, processContext } from '@tyrax/sdk'

const { cloudsYaml, cloudName, upload, download } = JSON.parse(process.argv[2])
const env = { OS_CLIENT_CONFIG_FILE: cloudsYaml }
const cloud = await connect({ cloud: cloudName, configContext: { ...processContext(), env } })
await cloud.images.list({ limit: 1 })

const start = performance.now()
let id
if (upload) {
  const image = await cloud.images.create({ name: 'benchmark', diskFormat: 'raw', data: fromFile(upload) })
  id = image.id
} else {
  await cloud.images.download(download.id, { to: download.file })
}
const seconds = (performance.now() - start) / 1000
await cloud.close()
process.stdout.write(`${JSON.stringify({ id, seconds, peakRssMiB: process.resourceUsage().maxRSS / 1024 })}\n`)
