import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax: run } = await oneCloud()
const packed = new URL('../../../testkit/fixtures/compressed/disk.xz', import.meta.url).pathname
const disk = new URL('../../../testkit/fixtures/tiny-gpt.raw', import.meta.url).pathname

const tyrax = (...argv: string[]) => run(argv)
const hash = async (algorithm: string, file: string) =>
  createHash(algorithm)
    .update(await readFile(file))
    .digest('hex')

test('create decompresses, compares the published checksum from a list, and says so', async () => {
  const list = path.join(home, 'SHA256SUMS')
  await writeFile(list, `SHA256 (disk.xz) = ${await hash('sha256', packed)}\n`)
  const ran = await tyrax(
    'create',
    'packed',
    '--file',
    packed,
    '--checksum',
    'SHA256SUMS',
    '-c',
    'os_hash_value',
    '-f',
    'value',
  )
  expect(ran).toMatchObject({ exitCode: 0, stdout: `${await hash('sha512', disk)}\n` })
  expect(ran.stderr).toContain('the source has the published sha256')
  expect(ran.stderr).toContain('the source is xz')
})

test('upload does as create does, and leaves compressed data alone when it is told to', async () => {
  expect(await tyrax('create', 'later', '--disk-format', 'raw')).toMatchObject({ exitCode: 0 })
  const checksum = `sha512:${await hash('sha512', packed)}`
  expect(await tyrax('upload', 'later', '--file', packed, '--no-decompress')).toMatchObject({ exitCode: 6 })
  expect(await tyrax('upload', 'later', '--file', packed, '--checksum', checksum)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('the source is xz'),
  })
})

test('a wrong checksum is exit code 6 and leaves nothing, one that is none is a mistake of usage', async () => {
  const wrong = `sha256:${'0'.repeat(64)}`
  expect(await tyrax('create', 'wrong', '--file', packed, '--checksum', wrong)).toMatchObject({ exitCode: 6 })
  expect(await tyrax('create', 'wrong', '--file', packed, '--checksum', 'sha256:0')).toMatchObject({ exitCode: 2 })
  expect(await tyrax('create', 'wrong', '--checksum', wrong)).toMatchObject({ exitCode: 2 })
  expect((await tyrax('list', '--name', 'wrong', '-f', 'json')).stdout).toBe('[]\n')
})
