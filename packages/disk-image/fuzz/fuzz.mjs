// Feeds damaged disk images to the inspector until the time is up: node fuzz/fuzz.mjs [--seconds 60] [--seed N]
// Needs the package built. A finding is written to a file, and the exit code is 1.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { contradicts, detectFormat, glanceVerdict, inspect, judge, peekLength, StreamInspector } from '../dist/index.js'

const MiB = 1024 * 1024
const mostRead = 2 * MiB
const mostGrowth = 128 * MiB
const mostMilliseconds = 2000

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: String(Date.now()) } },
})

/** A small generator of 32 bit numbers (xorshift), so that a run can be repeated from its seed. */
function generator(seed) {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const random = generator(Number(values.seed))
const pick = (list) => list[random(list.length)]

const folder = fileURLToPath(new URL('../../testkit/fixtures/', import.meta.url))
const latin1 = (text) => Uint8Array.from(text, (each) => each.charCodeAt(0))

function begun(magic, at = 0) {
  const bytes = new Uint8Array(70_000)
  bytes.set(latin1(magic), at)
  return bytes
}

const seeds = [
  ...readdirSync(folder)
    .filter((name) => name.startsWith('tiny'))
    .map((name) => new Uint8Array(readFileSync(join(folder, name)).subarray(0, 2.5 * MiB))),
  ...['QFI\xfb\0\0\0\x01', 'QED\0', 'COWD', 'LUKS\xba\xbe\0\x01', 'WithoutFreeSpace', 'WithouFreSpacExt'].map((magic) =>
    begun(magic),
  ),
  ...['\x1f\x8b\x08', '\xfd7zXZ\0', '\x28\xb5\x2f\xfd', 'BZh91AY&SY', 'PK\x03\x04'].map((magic) => begun(magic)),
  begun('ustar\0', 257),
  begun('\0BEA01', 32_768),
  begun('LUKS\xba\xbe\0\x02').map((byte, at) =>
    at >= 4096 && at < 4150 ? latin1('{"segments":{"0":{"offset":"16384"}}}'.padEnd(54, '\0'))[at - 4096] : byte,
  ),
  latin1('# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 2048 FLAT "disk-flat.vmdk" 0\n'),
]

/** Where the structures lie, so that most damage hits one. */
const zones = [
  [0, 128],
  [0, 1024],
  [440, 72],
  [512, 1500],
  [4096, 200],
  [32_768, 2300],
  [65_536, 100],
  [196_608, 300],
  [2_097_152, 600],
  [2_162_688, 300],
]

const interesting = [0, 1, 0x7f, 0x80, 0xff]

function damage(bytes) {
  const [start, length] = pick(zones)
  const at = start + random(length)
  if (at >= bytes.length) return bytes
  const kind = random(7)
  if (kind === 0) bytes[at] = random(256)
  else if (kind === 1) bytes[at] ^= 1 << random(8)
  else if (kind === 2) bytes.fill(pick(interesting), at, at + pick([1, 2, 4, 8]))
  else if (kind === 3) bytes.copyWithin(at, random(bytes.length), random(bytes.length))
  else if (kind === 4) {
    const other = pick(seeds)
    const from = pick([0, 64, 257, 446, 512, 4096, 32_768])
    if (from < bytes.length) bytes.set(other.subarray(from, Math.min(from + pick([4, 64, 512]), bytes.length)), from)
  } else if (kind === 5) return bytes.subarray(0, pick([at, random(bytes.length), 512, 511, 34_816]))
  else for (let i = 0; i < 16 && at + i < bytes.length; i += 1) bytes[at + i] = random(256)
  return bytes
}

function mutant() {
  let bytes = pick(seeds).slice()
  for (let times = 1 + random(8); times > 0; times -= 1) bytes = damage(bytes)
  return bytes
}

function demand(holds, what) {
  if (!holds) throw new Error(what)
}

/** Stands for what lies beyond the damaged bytes when a sparse image claims to be huge. */
const sizeOf = (bytes) => (random(4) === 0 ? pick([2 ** 40, Number.MAX_SAFE_INTEGER]) : bytes.length)

async function check(bytes, sizeBytes, chunkLength) {
  const head = bytes.subarray(0, peekLength)
  const format = detectFormat(head)
  demand(
    [undefined, format].includes(contradicts('qcow2', head)),
    'contradicts() names another format than detectFormat()',
  )
  let read = 0
  const inspection = await inspect({
    sizeBytes,
    async read(offset, length) {
      read += length
      demand(
        offset >= 0 && length > 0 && offset + length <= sizeBytes,
        `read(${offset}, ${length}) of ${sizeBytes} bytes`,
      )
      return bytes.slice(offset, offset + length)
    },
  })
  demand(read <= mostRead, `${read} bytes were read`)
  for (const value of [inspection.virtualSizeBytes ?? 0, ...Object.values(inspection.details)])
    demand(
      typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0),
      `the number ${String(value)} is not exact`,
    )
  demand(inspection.safety.safe === (inspection.safety.reasons.length === 0), 'the verdict contradicts its reasons')
  demand(JSON.stringify(inspection).length < 100_000, 'the result is gigantic')
  glanceVerdict('raw', inspection)
  for (const diskFormat of ['auto', 'raw', 'qcow2', 'vmdk', 'vhd', 'iso', 'aki']) {
    const { problems } = judge(inspection, { diskFormat, name: 'disk.qcow2' })
    demand(
      problems.every(({ code, severity, message, hint }) => code && severity && message && hint),
      'a problem without its texts',
    )
    demand(
      glanceVerdict(diskFormat === 'auto' ? 'raw' : diskFormat, inspection).accepted ||
        diskFormat === 'auto' ||
        problems.some(({ severity }) => severity === 'refused'),
      `what Glance refuses as ${diskFormat} is not refused`,
    )
  }
  const stream = new StreamInspector()
  for (let at = 0; at < bytes.length; at += chunkLength) stream.write(bytes.subarray(at, at + chunkLength))
  const streamed = stream.finish()
  if (sizeBytes === bytes.length)
    demand(streamed.format === inspection.format, 'a stream and ranges tell different formats')
}

const end = Date.now() + Number(values.seconds) * 1000
let runs = 0
let base = 0
let peak = 0
let slowest = 0
while (Date.now() < end) {
  const bytes = mutant()
  const sizeBytes = sizeOf(bytes)
  const chunkLength = 1000 + random(100_000)
  const started = performance.now()
  try {
    await check(bytes, sizeBytes, chunkLength)
    slowest = Math.max(slowest, performance.now() - started)
    demand(slowest < mostMilliseconds, `one image took ${Math.round(slowest)} ms`)
    runs += 1
    if (runs === 2000) base = process.memoryUsage().rss
    if (runs % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss)
    if (base > 0) demand(peak - base < mostGrowth, `memory grew by ${Math.round((peak - base) / MiB)} MiB`)
  } catch (error) {
    const file = join(tmpdir(), `tyrax-finding-${values.seed}-${runs}.img`)
    writeFileSync(file, bytes)
    process.stderr.write(`seed ${values.seed}, run ${runs}, sizeBytes ${sizeBytes}, saved as ${file}\n${error.stack}\n`)
    process.exit(1)
  }
}
process.stdout.write(
  `${runs} damaged images in ${values.seconds} s, no finding (seed ${values.seed}, slowest ${Math.round(slowest)} ms, ` +
    `peak RSS ${Math.round(peak / MiB)} MiB)\n`,
)
