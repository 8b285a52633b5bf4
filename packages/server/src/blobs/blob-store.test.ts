import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BlobMissing, BlobTooLarge } from './blob-store.js'
import { createBlobStore, type FileBlobStore } from './create-blob-store.js'

let folder: string
let blobs: FileBlobStore
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-blobs-'))
  blobs = createBlobStore(folder)
})
afterEach(async () => {
  await blobs.close()
  await rm(folder, { recursive: true, force: true })
})

const hex = (name: string, data: Uint8Array) => createHash(name).update(data).digest('hex')
async function* pieces(data: Uint8Array, size: number) {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size)
}
async function readAll(key: string, range?: { start: number; end: number }): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of blobs.read(key, range)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const files = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())

test.each([0, 1, 65_536, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 20_000_003])(
  '%i bytes come back as they went in, with both hashes',
  async (size) => {
    const data = randomBytes(size)
    const pending = await blobs.write(pieces(data, 65_536), { hash: 'sha512' })
    expect(pending).toMatchObject({ sizeBytes: size, md5: hex('md5', data), hash: hex('sha512', data) })
    await pending.publish(() => undefined)
    expect((await readAll(pending.key)).equals(data)).toBe(true)
  },
)

test('SHA-512 is computed only where it is asked for', async () => {
  const pending = await blobs.write(pieces(Buffer.alloc(3_000_000), 100_000))
  expect([pending.md5, pending.hash]).toEqual([hex('md5', Buffer.alloc(3_000_000)), undefined])
  await pending.discard()
})

test('chunks larger than the memory of an upload are taken apart', async () => {
  const data = randomBytes(9_000_001)
  const pending = await blobs.write(pieces(data, 8_500_000), { hash: 'sha512' })
  expect([pending.md5, pending.hash]).toEqual([hex('md5', data), hex('sha512', data)])
  await pending.publish(() => undefined)
  expect((await readAll(pending.key)).equals(data)).toBe(true)
})

test('uploads side by side do not mix', async () => {
  const all = Array.from({ length: 6 }, (_, index) => randomBytes(3_000_000 + index))
  const pending = await Promise.all(all.map((data) => blobs.write(pieces(data, 70_000), { hash: 'sha512' })))
  expect(pending.map(({ hash }) => hash)).toEqual(all.map((data) => hex('sha512', data)))
  expect(pending.map(({ md5 }) => md5)).toEqual(all.map((data) => hex('md5', data)))
})

test.each([[{ start: 0, end: 0 }], [{ start: 999_999, end: 1_048_577 }], [{ start: 2_999_990, end: 2_999_999 }]])(
  'a part of a blob is read by its first and last byte: %j',
  async (range) => {
    const data = randomBytes(3_000_000)
    const pending = await blobs.write(pieces(data, 65_536))
    await pending.publish(() => undefined)
    expect((await readAll(pending.key, range)).equals(data.subarray(range.start, range.end + 1))).toBe(true)
  },
)

test('what is not published does not exist, and a discarded blob leaves no file', async () => {
  const pending = await blobs.write(pieces(Buffer.from('x'), 1))
  expect(await blobs.has(pending.key)).toBe(false)
  await expect(readAll(pending.key)).rejects.toThrow(BlobMissing)
  await pending.discard()
  expect(await files()).toEqual([])
})

test('a record that cannot be written takes its blob with it', async () => {
  const pending = await blobs.write(pieces(Buffer.from('x'), 1))
  await expect(
    pending.publish(() => {
      throw new Error('no record')
    }),
  ).rejects.toThrow('no record')
  expect(await files()).toEqual([])
})

test('a source that fails in its middle leaves no file', async () => {
  async function* broken() {
    yield randomBytes(5_000_000)
    throw new Error('the sender went away')
  }
  await expect(blobs.write(broken(), { hash: 'sha512' })).rejects.toThrow('the sender went away')
  expect(await files()).toEqual([])
})

test('one byte more than the limit ends the write and leaves no file, nor does it end the reading of a stream', async () => {
  const limitBytes = 2_000_000
  await expect(blobs.write(pieces(Buffer.alloc(limitBytes + 1), 65_536), { limitBytes })).rejects.toThrow(BlobTooLarge)
  const stream = Readable.from(pieces(Buffer.alloc(limitBytes + 1), 65_536))
  await expect(blobs.write(stream, { limitBytes })).rejects.toThrow(BlobTooLarge)
  expect(stream.destroyed).toBe(false)
  stream.destroy()
  expect(await files()).toEqual([])
  const pending = await blobs.write(pieces(Buffer.alloc(limitBytes), 65_536), { limitBytes })
  expect(pending.sizeBytes).toBe(limitBytes)
})

test('an onlooker sees every byte and can refuse them', async () => {
  let seen = 0
  const data = Buffer.alloc(3_000_000)
  const refuse = (chunk: Uint8Array) => {
    seen += chunk.length
    if (seen > 2_000_000) throw new Error('not this')
  }
  await expect(blobs.write(pieces(data, 100_000), { onChunk: refuse })).rejects.toThrow('not this')
  expect(await files()).toEqual([])
})

test('an abort ends the write and leaves no file', async () => {
  const controller = new AbortController()
  async function* endless() {
    for (;;) {
      yield Buffer.alloc(65_536)
      controller.abort(new Error('stop'))
    }
  }
  await expect(blobs.write(endless(), { signal: controller.signal })).rejects.toThrow('stop')
  expect(await files()).toEqual([])
})

test('half writes are removed, blobs without a record are found, and what has a name of another form is left alone', async () => {
  const keep = await blobs.write(pieces(Buffer.from('keep'), 9))
  await keep.publish(() => undefined)
  const orphan = await blobs.write(pieces(Buffer.from('orphan'), 9))
  await orphan.publish(() => undefined)
  await blobs.write(pieces(Buffer.from('half'), 9))
  await mkdir(path.join(folder, 'blobs', 'zz'), { recursive: true })
  await writeFile(path.join(folder, 'blobs', 'zz', 'zzz'), 'stray')
  await writeFile(path.join(folder, 'tmp', 'precious.txt'), 'stray')
  expect(await blobs.removeHalfWrites(() => false)).toBe(1)
  const found = await blobs.findOrphans((key) => key === keep.key)
  const file = `blobs/${orphan.key.slice(0, 2)}/${orphan.key}`
  expect(found).toEqual([{ file, sizeBytes: 6 }])
  expect((await readAll(orphan.key)).toString()).toBe('orphan')
  const movedTo = `orphans/2026-01-31T10-20-30Z/${orphan.key.slice(0, 2)}/${orphan.key}`
  expect(await blobs.moveAside(found, new Date('2026-01-31T10:20:30.456Z'))).toEqual([{ file, sizeBytes: 6, movedTo }])
  expect(await readFile(path.join(folder, movedTo), 'utf8')).toBe('orphan')
  expect((await readAll(keep.key)).toString()).toBe('keep')
  expect((await files()).map(({ name }) => name).toSorted()).toEqual(
    [keep.key, orphan.key, 'precious.txt', 'zzz'].toSorted(),
  )
})

test('a blob whose upload was interrupted before its record goes with it, one with a record stays', async () => {
  const keys: string[] = []
  for (const text of ['half', 'whole', 'copy']) {
    const pending = await blobs.write(pieces(Buffer.from(text), 9))
    await pending.publish(() => undefined)
    const blob = path.join(folder, 'blobs', pending.key.slice(0, 2), pending.key)
    const temporary = path.join(folder, 'tmp', pending.key)
    await (text === 'copy' ? copyFile(blob, temporary) : link(blob, temporary))
    keys.push(pending.key)
  }
  const [half = '', whole = '', copy = ''] = keys
  expect(await blobs.removeHalfWrites((key) => key === whole)).toBe(3)
  expect((await files()).map(({ name }) => name).toSorted()).toEqual([whole, copy].toSorted())
  expect(await blobs.has(half)).toBe(false)
})

test('a blob has its temporary name until its record is written', async () => {
  const pending = await blobs.write(pieces(Buffer.from('x'), 1))
  let during: string[] = []
  await pending.publish(() => {
    during = readdirSync(path.join(folder, 'tmp'))
  })
  expect(during).toEqual([pending.key])
  expect(await readdir(path.join(folder, 'tmp'))).toEqual([])
})

test('a process that is killed between a blob and its record leaves neither', async () => {
  const built = new URL('../../dist/blobs/create-blob-store.js', import.meta.url).href
  const script = `
    const { createBlobStore } = await import(${JSON.stringify(built)})
    const store = createBlobStore(${JSON.stringify(folder)})
    async function* bytes() { yield Buffer.from('half') }
    await (await store.write(bytes())).publish(() => process.kill(process.pid, 'SIGKILL'))
  `
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL')
  expect(await files()).toHaveLength(2)
  expect(await blobs.removeHalfWrites(() => false)).toBe(1)
  expect(await files()).toEqual([])
})

test('links and folders at the names of blobs are neither followed nor in the way', async () => {
  const outside = await mkdtemp(path.join(tmpdir(), 'tyrax-outside-'))
  try {
    const key = 'ab'.repeat(16)
    await writeFile(path.join(outside, key), 'not ours')
    await mkdir(path.join(folder, 'tmp', key), { recursive: true })
    await mkdir(path.join(folder, 'blobs', 'cd', 'cd'.repeat(16)), { recursive: true })
    await symlink(outside, path.join(folder, 'blobs', 'ab'))
    await symlink(path.join(outside, key), path.join(folder, 'tmp', 'cd'.repeat(16)))
    await symlink(path.join(outside, key), path.join(folder, 'blobs', 'cd', `cd${'0'.repeat(30)}`))
    const linked = createBlobStore(folder)
    expect(await linked.removeHalfWrites(() => false)).toBe(0)
    expect(await linked.findOrphans(() => false)).toEqual([])
    expect(await linked.has(key)).toBe(false)
    expect(() => linked.read(key)).toThrow(BlobMissing)
    await linked.delete(key)
    await expect(readAll(`cd${'0'.repeat(30)}`)).rejects.toThrow('ELOOP')
    await linked.close()
    expect(await readFile(path.join(outside, key), 'utf8')).toBe('not ours')
  } finally {
    await rm(outside, { recursive: true, force: true })
  }
})

test('deleting twice is no error', async () => {
  const pending = await blobs.write(pieces(Buffer.from('x'), 1))
  await pending.publish(() => undefined)
  await blobs.delete(pending.key)
  await blobs.delete(pending.key)
  expect(await blobs.has(pending.key)).toBe(false)
})

test('a closed store fails the writes that still run', async () => {
  async function* slow() {
    yield randomBytes(4_000_000)
    await blobs.close()
    yield randomBytes(4_000_000)
  }
  const pending = blobs.write(slow(), { hash: 'sha512' })
  await expect(pending).rejects.toThrow('ended unexpectedly')
})
