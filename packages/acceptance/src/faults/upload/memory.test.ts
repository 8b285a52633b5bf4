import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compressedFixturePath } from '@tyrax/testkit'
import { faultyCloud, type FaultyCloud } from '../faulty-cloud.js'
import { startSink } from './sink.js'

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url))
const mebibyte = 2 ** 20
const size = 160 * mebibyte

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

/** An upload in a process of its own, with the built packages: what it was at most is what the upload needs. */
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

const windowMiB = { xz: 64, zst: 128 }
/** A thread that decompresses has a heap of its own. Node 24 collects what passes between the two later than Node 20. */
const threadMiB = 80

test.each([
  ['raw', 180],
  ['gz', 180],
  ['bz2', 180 + threadMiB],
  // With the largest windows that the programs make without being told to.
  ['xz', 180 + threadMiB + windowMiB.xz],
  ['zst', 180 + windowMiB.zst],
])('Memory: an upload of 160 MiB as .%s stays below %i MiB', { timeout: 240_000 }, async (ending, mostMiB) => {
  await using under = await faultyCloud({})
  await using sink = await startSink()
  const file = path.join(under.folder, 'wide')
  if (ending === 'raw') await fill(file)
  else if (ending === 'gz') await writeFile(file, gzipSync(Buffer.alloc(size, 'y\n')))
  else await writeFile(file, await readFile(compressedFixturePath(`wide.${ending}`)))
  const uploaded = await uploadElsewhere(under, sink.url, file)
  expect(uploaded.size).toBe(size)
  expect(uploaded.peakBytes).toBeLessThan(mostMiB * mebibyte)
})

async function fill(file: string): Promise<void> {
  await using handle = await open(file, 'w')
  const block = Buffer.alloc(mebibyte, 'y\n')
  for (let at = 0; at < size; at += mebibyte) await handle.write(block)
}
