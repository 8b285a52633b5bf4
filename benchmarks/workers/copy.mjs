// Copies an image from one cloud to another through the SDK, downloads it, or uploads a file, in a process of its own.
// Prints seconds and the peak of resident memory.
import { readFileSync } from 'node:fs'
import { connect, fromFile, processContext } from '@tyrax/sdk'

const { from, to, id, mode, file } = JSON.parse(process.argv[2])
const open = ({ cloudsYaml, cloudName }) =>
  connect({ cloud: cloudName, configContext: { ...processContext(), env: { OS_CLIENT_CONFIG_FILE: cloudsYaml } } })
const source = await open(from)
const target = await open(to)
const work = {
  copy: async () => (await source.images.copy(id, { to: target, name: 'benchmark', allowDuplicate: true })).image.id,
  upload: async () => (await target.images.create({ name: 'benchmark', diskFormat: 'raw', data: fromFile(file) })).id,
  async download() {
    const { stream } = await source.images.download(id)
    for await (const chunk of stream) void chunk
  },
}
const start = performance.now()
const made = await work[mode]()
const seconds = (performance.now() - start) / 1000
if (made) await target.images.delete(made)
await source.close()
await target.close()
const peakRssMiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
process.stdout.write(`${JSON.stringify({ seconds, peakRssMiB })}\n`)
