import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compressedFixturePath } from '@tyrax/testkit'
import { faultyCloud, type FaultyCloud } from '../faulty-cloud.js'
import { startSink } from './sink.js'

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url))
const mebibyte = 2 ** 20
/** The decompressed size of a fixture. */
const wide = 160 * mebibyte
const times = 3
const size = times * wide
/**
 * Well above what each format is documented to need, because a busy machine collects garbage late, and below what
 * holding the data would take.
 */
const mostMiB = 440

const code = `
import { readFile } from 'node:fs/promises'
import { connect, fromFile } from '@tyrax/sdk'
const { connection, file } = JSON.parse(process.argv[1])
const cloud = await connect(connection)
const image = await cloud.images.create({ name: 'u', diskFormat: 'raw', data: fromFile(file) })
await cloud.close()
// On Linux maxRSS is at least what the process was that this one was forked from; elsewhere there is no other figure.
const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
const peakKib = Number(/^VmHWM:\\s+(\\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS)
process.stdout.write(JSON.stringify({ size: image.size, peakBytes: peakKib * 1024 }))
`

/** Uploads in a process of its own, with the built packages, so that the process's peak is what the upload needs. */
async function uploadElsewhere(
  under: FaultyCloud,
  imageEndpointOverride: string,
  file: string,
): Promise<{ size: number; peakBytes: number }> {
  const auth = { authUrl: under.identity.url, username: 'demo', password: 'secret', projectName: 'demo' }
  const given = JSON.stringify({ connection: { auth, imageEndpointOverride }, file })
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, given], {
    cwd: packageFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = child.stdout.toArray()
  expect(await once(child, 'exit')).toEqual([0, null])
  return JSON.parse(Buffer.concat((await said) as Buffer[]).toString()) as { size: number; peakBytes: number }
}

test.each(['raw', 'gz', 'bz2', 'xz', 'zst'])(
  'Memory: an upload of 480 MiB as .%s is done in a part of that',
  { timeout: 1_200_000 },
  async (ending) => {
    await using under = await faultyCloud({})
    await using sink = await startSink()
    const file = path.join(under.folder, 'wide')
    await writeFile(file, repeated(await contents(ending)))
    const uploaded = await uploadElsewhere(under, sink.url, file)
    expect(uploaded.size).toBe(size)
    expect(uploaded.peakBytes).toBeLessThan(mostMiB * mebibyte)
  },
)

/** A file of 160 MiB; for xz and zstd, with the largest windows that their programs use by default. */
async function contents(ending: string): Promise<Buffer> {
  if (ending !== 'raw' && ending !== 'gz') return readFile(compressedFixturePath(`wide.${ending}`))
  const data = Buffer.alloc(wide, 'y\n')
  return ending === 'raw' ? data : gzipSync(data)
}

/** In each of the formats, concatenated compressed files are one valid file. */
function* repeated(bytes: Buffer): Generator<Buffer> {
  for (let count = 0; count < times; count += 1) yield bytes
}
