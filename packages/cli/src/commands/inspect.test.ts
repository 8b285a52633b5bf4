import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { run } from '../testing/in-process.js'
import { oneCloud } from '../testing/one-cloud.js'

const fixture = (name: string) => new URL(`../../../testkit/fixtures/${name}`, import.meta.url).pathname

const { home, env } = await oneCloud()
let unsafe: string

beforeAll(async () => {
  // A backing file, whose name follows the header directly.
  unsafe = path.join(home, 'unsafe.qcow2')
  const bytes = await readFile(fixture('tiny.qcow2'))
  const name = '/etc/shadow'
  bytes.writeBigUInt64BE(1024n, 8)
  bytes.writeUInt32BE(name.length, 16)
  bytes.write(name, 1024)
  await writeFile(unsafe, bytes)
})

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
  // Only its last sector identifies it as a fixed VHD.
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

test('create, upload and inspect --check say the same of data that cannot be an image', async () => {
  const page = Buffer.from('<html><head><title>404 Not Found</title></head></html>')
  const disk = await readFile(fixture('tiny.qcow2'))
  const udf = Buffer.alloc(100_352)
  udf.write('BEA01', 32_769)
  udf.write('NSR03', 34_817)
  const unfit: readonly (readonly [file: string, content: Buffer, diskFormat: string, code: string])[] = [
    ['page.qcow2', page, 'auto', 'text'],
    ['page.raw', page, 'raw', 'text'],
    ['page.img.gz', gzipSync(page), 'auto', 'text'],
    ['pointer.img', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:a\n'), 'auto', 'text'],
    ['cut.qcow2', disk.subarray(0, 300_000), 'auto', 'incomplete'],
    ['cut.vmdk', (await readFile(fixture('tiny-sparse.vmdk'))).subarray(0, 200_000), 'vmdk', 'incomplete'],
    ['lost.qcow2', Buffer.alloc(8192), 'auto', 'name-mismatch'],
    ['fixed.vhd', await readFile(fixture('tiny-fixed.vhd')), 'vhd', 'fixed-vhd'],
    ['udf.iso', udf, 'iso', 'udf-only'],
    ['unsafe.qcow2', await readFile(unsafe), 'qcow2', 'backing-file'],
  ]
  for (const [name, content, diskFormat, code] of unfit) {
    const file = path.join(home, name)
    await writeFile(file, content)
    const flags = ['--disk-format', diskFormat]
    const created = await tyrax('create', name, '--file', file, ...flags)
    expect([name, created.exitCode, created.stdout]).toEqual([name, 6, ''])
    expect(await json(file, ...flags)).toMatchObject({ refused: true })
    const [{ message, ...first }] = (await json(file, ...flags))['problems'] as [{ message: string }]
    expect(first).toEqual({ code, severity: 'refused', hint: expect.any(String) })
    expect(created.stderr).toContain(message)
    expect(await tyrax('inspect', '--check', file, ...flags)).toMatchObject({ exitCode: 6 })

    const declared = diskFormat === 'auto' ? [] : flags
    await tyrax('create', `later ${name}`, ...declared)
    const uploaded = await tyrax('upload', `later ${name}`, '--file', file)
    expect([name, uploaded.exitCode]).toEqual([name, 6])
    expect(uploaded.stderr).toContain(message)
  }
  const names = (await tyrax('list', '-f', 'value', '-c', 'name')).stdout
  for (const [name] of unfit) expect(names.split('\n')).not.toContain(name)
})

test('--force sends it all the same, and says what was forced', async () => {
  const file = path.join(home, 'forced.qcow2')
  await writeFile(file, '<html><head><title>404 Not Found</title></head></html>')
  const create = ['create', 'forced', '--file', file, '--force']
  expect(await tyrax(...create)).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('forced: the data is an HTML page'),
  })
  const made = await tyrax(...create, '-f', 'json')
  expect(JSON.parse(made.stdout)).toMatchObject({ status: 'active', warnings: [{ code: 'text', severity: 'refused' }] })
})

test('a doubt is a warning on stderr, and no reason to stop', async () => {
  const file = path.join(home, 'blank.img')
  await writeFile(file, Buffer.alloc(1000))
  const made = await tyrax('create', 'blank', '--file', file)
  expect(made).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/warning: nothing at its beginning/) })
  expect(await tyrax('inspect', '--check', file)).toMatchObject({ exitCode: 0 })
})

test('a pipe that ends early is refused before the image is whole', async () => {
  const cut = (await readFile(fixture('tiny.vhdx'))).subarray(0, 5_000_000)
  const ran = await run(home, ['create', 'piped', '--file', '-'], { env, stdin: cut })
  expect(ran).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('the image is not whole') })
  expect(await tyrax('show', 'piped')).toMatchObject({ exitCode: 3 })
})
