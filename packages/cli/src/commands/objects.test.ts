import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import path from 'node:path'
import { expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax } = await oneCloud()

test('an object goes in from a pipe, is listed, looked at, fetched, made an image of, and removed', async () => {
  const bytes = randomDisk(200_000)
  expect(await tyrax(['object', 'container', 'create', 'imgs'])).toMatchObject({ exitCode: 0 })
  const put = await tyrax(['object', 'put', 'imgs/a folder/u.raw', '--file', '-', '-f', 'json'], { stdin: bytes })
  const hash = createHash('md5').update(bytes).digest('hex')
  expect(JSON.parse(put.stdout)).toMatchObject({ container: 'imgs', name: 'a folder/u.raw', bytes: bytes.length, hash })
  expect((await tyrax(['object', 'list', '-f', 'value'])).stdout).toBe(`imgs 1 ${bytes.length}\n`)
  expect((await tyrax(['object', 'list', 'imgs', '-f', 'value', '-c', 'name'])).stdout).toBe('a folder/u.raw\n')
  expect((await tyrax(['object', 'list', 'imgs', '--delimiter', '/', '-f', 'value', '-c', 'name'])).stdout).toBe(
    'a folder/\n',
  )
  expect((await tyrax(['object', 'list', 'imgs', '--prefix', 'b', '-f', 'json'])).stdout).toBe('[]\n')
  const stat = await tyrax(['object', 'stat', 'imgs/a folder/u.raw', '-f', 'json'])
  expect(JSON.parse(stat.stdout)).toMatchObject({ hash, bytes: bytes.length, metadata: {} })
  const piped = await tyrax(['object', 'get', 'imgs/a folder/u.raw', '--output', '-'])
  expect(piped.stdoutBytes.equals(bytes)).toBe(true)
  expect(await tyrax(['object', 'get', 'imgs/a folder/u.raw', '-o', 'u.raw'])).toMatchObject({ exitCode: 0 })
  expect((await readFile(path.join(home, 'u.raw'))).equals(bytes)).toBe(true)
  const image = await tyrax(['create', 'u', '--object', 'imgs/a folder/u.raw', '--disk-format', 'raw', '-f', 'json'])
  expect(JSON.parse(image.stdout)).toMatchObject({ status: 'active', size: bytes.length, checksum: hash })
  expect(await tyrax(['object', 'container', 'rm', 'imgs'])).toMatchObject({ exitCode: 5 })
  expect(await tyrax(['object', 'rm', 'imgs/a folder/u.raw'])).toMatchObject({ exitCode: 0 })
  expect(await tyrax(['object', 'container', 'rm', 'imgs'])).toMatchObject({ exitCode: 0 })
  expect(await tyrax(['object', 'list', 'imgs'])).toMatchObject({ exitCode: 3 })
})

test('an object with a Content-Encoding is stored, shown, fetched and made an image of as its bytes are', async () => {
  const disk = randomDisk(200_000)
  const bytes = gzipSync(disk)
  const md5 = (data: Buffer) => createHash('md5').update(data).digest('hex')
  await writeFile(path.join(home, 'e.raw.gz'), bytes)
  expect(await tyrax(['object', 'container', 'create', 'enc'])).toMatchObject({ exitCode: 0 })
  const put = ['object', 'put', 'enc/e.raw.gz', '--file', 'e.raw.gz', '--content-encoding', 'gzip']
  expect(await tyrax(put)).toMatchObject({ exitCode: 0 })
  const stat = await tyrax(['object', 'stat', 'enc/e.raw.gz', '-f', 'json'])
  expect(JSON.parse(stat.stdout)).toMatchObject({ content_encoding: 'gzip', bytes: bytes.length, hash: md5(bytes) })
  const got = await tyrax(['object', 'get', 'enc/e.raw.gz', '-o', 'got.gz', '-f', 'json'])
  expect(JSON.parse(got.stdout)).toMatchObject({ bytes: bytes.length, verdict: 'verified' })
  expect((await readFile(path.join(home, 'got.gz'))).equals(bytes)).toBe(true)
  expect((await tyrax(['object', 'get', 'enc/e.raw.gz', '-o', '-'])).stdoutBytes.equals(bytes)).toBe(true)
  const image = await tyrax(['create', 'e', '--object', 'enc/e.raw.gz', '--disk-format', 'raw', '-f', 'json'])
  expect(JSON.parse(image.stdout)).toMatchObject({ size: disk.length, checksum: md5(disk) })
})

test('an object that is not there is exit code 3, for a new image too', async () => {
  for (const argv of [
    ['object', 'stat', 'no/thing'],
    ['object', 'get', 'no/thing', '-o', '-'],
    ['object', 'rm', 'no/thing'],
    ['create', 'x', '--object', 'no/thing'],
  ]) {
    expect(await tyrax(argv)).toMatchObject({ exitCode: 3 })
  }
  expect(await tyrax(['object', 'rm', 'no/thing', '--if-exists'])).toMatchObject({ exitCode: 0 })
  expect((await tyrax(['list', '--name', 'x', '-f', 'json'])).stdout).toBe('[]\n')
})
