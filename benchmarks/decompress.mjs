import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run, work } from './support/process.mjs'
import { interleave } from './support/statistics.mjs'

const MiB = 1024 ** 2
const bytes = 64 * MiB

/** Machine code and text, like most of an image: the beginning of Node's own executable. */
const plain = (setting) =>
  setting.share('program', async () => {
    const file = path.join(setting.folder, 'program.raw')
    await pipeline(createReadStream(process.execPath, { end: bytes - 1 }), createWriteStream(file))
    return file
  })

/** Throughput of the SDK's decompression, threads included, relative to the command-line program, on the same file. */
const figureOf = ({ compression, options, target }) => ({
  name: `decompress-${compression}`,
  figure: `decompression of ${bytes / MiB} MiB: throughput, SDK / \`${compression} -dc\``,
  target,
  measure: async (setting) => {
    const file = await plain(setting)
    await run(compression, ['-k', '-q', '-f', ...options, file])
    const packed = `${file}.${{ xz: 'xz', zstd: 'zst', bzip2: 'bz2' }[compression]}`
    const { ours, theirs } = await interleave(
      5,
      async () => (await work('decompress', { compression, file: packed })).seconds,
      async () => (await run('sh', ['-c', 'exec "$0" -dc "$1" >/dev/null', compression, packed])).seconds,
      { warmUp: true },
    )
    const rate = (seconds) => `${(bytes / MiB / seconds).toFixed(0)} MiB/s`
    return { value: theirs / ours, detail: `${rate(ours)} against ${rate(theirs)}` }
  },
})

export const decompress = [
  figureOf({ compression: 'xz', options: ['-6', '-T1'], target: { least: 0.5, unit: '×' } }),
  figureOf({ compression: 'bzip2', options: ['-9'], target: { least: 0.5, unit: '×' } }),
  // Where Node has no libzstd (before 22.15), our own decoder is used.
  figureOf({ compression: 'zstd', options: ['-3'], target: { least: 0.05, unit: '×' } }),
]
