// Uploads or downloads through the SDK in a process of its own, several at once when there are several. Prints seconds
// and the peak of resident memory.
import { readFileSync, rmSync } from 'node:fs'
import { connect, fromFile, processContext } from '@tyrax/sdk'

const { cloudsYaml, cloudName, imageEndpointOverride, upload, download, options } = JSON.parse(process.argv[2])
const env = { OS_CLIENT_CONFIG_FILE: cloudsYaml }
const cloud = await connect({
  cloud: cloudName,
  imageEndpointOverride,
  configContext: { ...processContext(), env },
})
// Each of Glance's processes asks Keystone about a token once; they already know the one that curl uses.
await Promise.all(Array.from({ length: 8 }, () => cloud.images.list({ limit: 1 })))

// A virtual machine returns the memory of a deleted file to its host within seconds, and gets it back slowly: the clock
// starts as soon after the deletion as it does for programs whose start-up is measured.
for (const { file } of [download ?? []].flat()) rmSync(file, { force: true })
const start = performance.now()
const made = await Promise.all(
  [upload ?? []]
    .flat()
    .map((file) => cloud.images.create({ name: 'benchmark', diskFormat: 'raw', data: fromFile(file) })),
)
const fetched = await Promise.all(
  [download ?? []].flat().map(({ id, file }) => cloud.images.download(id, { to: file, ...options })),
)
const seconds = (performance.now() - start) / 1000
const endedAt = Date.now()
await cloud.close()
const ids = made.map(({ id }) => id)
const verdicts = [...made, ...fetched].map(({ verdict }) => verdict)
if (verdicts.some((verdict) => verdict !== 'verified')) throw new Error(`not verified: ${verdicts.join(', ')}`)
const resumedBytes = fetched.reduce((sum, each) => sum + each.resumedBytes, 0)
// Not maxRSS of getrusage(2), which a process inherits from its parent.
const peakRssMiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
process.stdout.write(`${JSON.stringify({ id: ids[0], ids, seconds, endedAt, resumedBytes, peakRssMiB })}\n`)
