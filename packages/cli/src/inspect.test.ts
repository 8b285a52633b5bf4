import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHome, run } from './testing/in-process.js'

const fixture = (name: string) => new URL(`../../testkit/fixtures/${name}`, import.meta.url).pathname

let cloud: Awaited<ReturnType<typeof startCloud>>
let home: string
let env: Record<string, string>
let unsafe: string

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  home = await makeHome()
  const cloudsYaml = path.join(home, 'clouds.yaml')
  await writeFile(cloudsYaml, cloud.cloudsYaml, { mode: 0o600 })
  env = { OS_CLIENT_CONFIG_FILE: cloudsYaml, OS_CLOUD: 'demo' }
  // A backing file, named right behind the header.
  unsafe = path.join(home, 'unsafe.qcow2')
  const bytes = await readFile(fixture('tiny.qcow2'))
  const name = '/etc/shadow'
  bytes.writeBigUInt64BE(1024n, 8)
  bytes.writeUInt32BE(name.length, 16)
  bytes.write(name, 1024)
  await writeFile(unsafe, bytes)
})
afterAll(() => cloud.close())

const tyrax = (...argv: string[]) => run(home, argv, { env })
const json = async (...argv: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await tyrax('inspect', '-f', 'json', ...argv)).stdout) as Record<string, unknown>

test('a file is looked into without a cloud', async () => {
  const file = fixture('tiny.qcow2')
  const ran = await run(home, ['inspect', file, '-f', 'json'])
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' })
  expect(JSON.parse(ran.stdout)).toMatchObject({
    file,
    format: 'qcow2',
    disk_format: 'qcow2',
    virtual_size: 8_388_608,
    backing_file: null,
    encrypted: false,
    safe: true,
    reasons: [],
    details: { version: 3, cluster_size_bytes: 65_536 },
  })
  expect((await run(home, ['inspect', file])).stdout).toMatch(/\| virtual_size +\| 8388608 \(8 MiB\) +\|/)
})

test('what is unsafe is said to be, and is exit code 6 with --check alone', async () => {
  expect(await json(unsafe)).toMatchObject({
    safe: false,
    backing_file: '/etc/shadow',
    reasons: [expect.stringContaining('backing file')],
  })
  expect(await tyrax('inspect', unsafe)).toMatchObject({ exitCode: 0 })
  expect(await tyrax('inspect', unsafe, '--check')).toMatchObject({ exitCode: 6, stderr: '' })
  expect(await tyrax('inspect', fixture('tiny.vdi'), '--check')).toMatchObject({ exitCode: 0 })
})

test('hashes are those of the whole file', async () => {
  const file = fixture('tiny.iso')
  const bytes = await readFile(file)
  const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex')
  expect(await json(file, '--hash', 'sha256', '--hash', 'md5')).toMatchObject({
    format: 'iso',
    hashes: { sha256: digest('sha256'), md5: digest('md5') },
  })
  expect(await tyrax('inspect', file, '--hash', 'rot13')).toMatchObject({ exitCode: 2 })
})

test('standard input is looked at from its beginning', async () => {
  const ran = await run(home, ['inspect', '-', '-f', 'value', '-c', 'format'], {
    stdin: await readFile(fixture('tiny-sparse.vmdk')),
  })
  expect(ran).toMatchObject({ exitCode: 0, stdout: 'vmdk\n' })
})

test('a file that is not there is named, one that nobody would call a file is an image', async () => {
  expect(await tyrax('inspect', './nothing')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no such') })
  expect(await tyrax('inspect', 'nothing')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('no image') })
})

test('an image of the cloud is looked into by parts, and compared with what it declares', async () => {
  // Seen to be a fixed VHD in its last sector only.
  const file = path.join(home, 'large.raw')
  const end = (await readFile(fixture('tiny-fixed.vhd'))).subarray(-512)
  await writeFile(file, Buffer.concat([Buffer.alloc(8_000_000), end]))
  expect(await tyrax('create', 'large', '--file', file, '--disk-format', 'raw')).toMatchObject({ exitCode: 0 })
  expect(await json('large', '--check')).toMatchObject({ name: 'large', format: 'vhd', size: 8_000_512, safe: true })
  expect(
    await tyrax('create', 'wrong', '--file', fixture('tiny.qcow2'), '--disk-format', 'raw', '--force'),
  ).toMatchObject({ exitCode: 0 })
  expect(await tyrax('inspect', 'wrong', '--check')).toMatchObject({
    exitCode: 6,
    stdout: expect.stringContaining('declared as'),
  })
  await tyrax('create', 'empty')
  expect(await tyrax('inspect', 'empty')).toMatchObject({ exitCode: 5 })
})

test('a URL is looked into by ranges where the server has them, else from its beginning', async () => {
  const bytes = Buffer.concat([Buffer.alloc(6_000_000), (await readFile(fixture('tiny-fixed.vhd'))).subarray(-512)])
  const asked: string[] = []
  const server = await serve(bytes, asked)
  try {
    const { port } = server.address() as AddressInfo
    expect(await json(`http://127.0.0.1:${port}/ranges`)).toMatchObject({ format: 'vhd', size: bytes.length })
    expect(asked).toContain(`bytes=${bytes.length - 512}-${bytes.length - 1}`)
    expect(await json(`http://127.0.0.1:${port}/whole`)).toMatchObject({
      format: 'raw',
      warnings: [expect.stringContaining('first 2 MiB')],
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(bytes: Buffer, asked: string[]): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { range } = incoming.headers
    if (range) asked.push(range)
    const match = incoming.url === '/ranges' ? /^bytes=(\d+)-(\d+)$/.exec(range ?? '') : null
    if (!match) {
      outgoing.writeHead(200, { 'content-length': bytes.length }).end(bytes)
      return
    }
    const part = bytes.subarray(Number(match[1]), Number(match[2]) + 1)
    outgoing.writeHead(206, { 'content-range': `bytes ${match[1]}-${match[2]}/${bytes.length}` }).end(part)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
