import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { SourceError } from '../../errors/transfer-errors.js'
import { compressionOf } from '../../platform/compression.js'
import { loadOwnDecoder } from '../../sources/decompress/decoders.js'
import { DamagedData, type Decoder } from '../../platform/decoder.js'
import { type DecoderThread, inThread, type StartThread } from '../../sources/decompress/thread/in-thread.js'
import { letters, numbers, readCompressed, readDisk } from '../../testing/compressed-fixtures.js'
import { nodeDecoder } from './node-decoder.js'
import { startThread } from './start-thread.js'
import { hasZstd } from './unzstd.js'

async function* cut(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

/** Starts real threads, and reports when they have ended. */
function watched() {
  const ended: Promise<unknown>[] = []
  const start: StartThread = () => {
    const thread = startThread() as DecoderThread
    ended.push(new Promise((resolve) => thread.listen(() => undefined, resolve)))
    return thread
  }
  return { start, ended }
}

test.each(['gz', 'xz', 'zst', 'bz2'])('a disk image comes out of .%s beside the main thread', async (ending) => {
  const bytes = await readCompressed(`disk.${ending}`)
  const decoder = nodeDecoder(compressionOf(bytes) ?? 'gzip')
  expect((await whole(decoder(cut(bytes), 'u.img'))).equals(await readDisk())).toBe(true)
})

test.each([
  ['frames.zst', Buffer.concat([numbers, numbers])],
  ['skippable.zst', numbers],
  ['unchecked.zst', numbers],
  ['long.zst', numbers],
  ['empty.zst', Buffer.alloc(0)],
  ['letters.zst', letters],
])('%s is whole, with what the runtime has for zstd', async (name, content) => {
  const bytes = await readCompressed(name)
  for (const size of [1, 64, bytes.byteLength]) {
    expect((await whole(nodeDecoder('zstd')(cut(bytes, size), 'u'))).equals(content)).toBe(true)
  }
})

test('errors are those of the decoder itself', async () => {
  for (const [name, message] of [
    ['window.zst', /window of 2147483648 bytes, more than 134217728/],
    ['known.zst', /needs the dictionary 4711/],
    ['dictionary.xz', /dictionary of 201326592 bytes/],
  ] as const) {
    const bytes = await readCompressed(name)
    const error = await whole(nodeDecoder(compressionOf(bytes) ?? 'xz')(cut(bytes), 'u.img')).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/program first/),
    })
  }
  for (const ending of ['xz', 'zst', 'bz2']) {
    const bytes = await readCompressed(`numbers.${ending}`)
    const decoder = nodeDecoder(compressionOf(bytes) ?? 'xz')
    await expect(whole(decoder(cut(bytes.subarray(0, -5)), 'u.img'))).rejects.toThrow(DamagedData)
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(150) ^ 1, 150)
    await expect(whole(decoder(cut(changed), 'u.img'))).rejects.toThrow(/u\.img is damaged/)
  }
})

test.each(['xz', 'zst'])('what came before the source of a .%s file failed is decoded', async (ending) => {
  const bytes = await readCompressed(`letters.${ending}`)
  const broken = async function* () {
    yield bytes
    yield bytes
    throw new SourceError('the cable was pulled')
  }
  const pieces: Uint8Array[] = []
  const reading = (async () => {
    for await (const piece of nodeDecoder(compressionOf(bytes) ?? 'xz')(broken(), 'u')) pieces.push(piece)
  })()
  await expect(reading).rejects.toThrow('the cable was pulled')
  expect(Buffer.concat(pieces).byteLength).toBeGreaterThan(letters.byteLength / 2)
})

test('the thread ends with the content, with an error, and as soon as no more is wanted', async () => {
  const bytes = await readCompressed('letters.bz2')
  const { start, ended } = watched()
  const decoder = inThread('bzip2', start)
  expect((await whole(decoder(cut(bytes), 'u'))).equals(letters)).toBe(true)
  await expect(whole(decoder(cut(bytes.subarray(0, 100)), 'u'))).rejects.toThrow(/ends too early/)
  let isClosed = false
  const endless = async function* () {
    try {
      for (;;) yield bytes
    } finally {
      isClosed = true
    }
  }
  for await (const piece of decoder(endless(), 'u')) {
    expect(piece.byteLength).toBeLessThanOrEqual(256 * 1024)
    break
  }
  expect(isClosed).toBe(true)
  expect(await Promise.all(ended)).toHaveLength(3)
})

test('stopping does not wait for a source that is silent', async () => {
  const { start, ended } = watched()
  const bytes = await readCompressed('letters.xz')
  const silent = async function* () {
    yield bytes
    await new Promise(() => undefined)
  }
  const iterator = inThread('xz', start)(silent(), 'u')[Symbol.asyncIterator]()
  expect((await iterator.next()).done).toBe(false)
  const waiting = (async () => {
    for (;;) if ((await iterator.next()).done) return
  })()
  await iterator.return?.()
  await waiting
  await Promise.all(ended)
})

test('a thread takes no more than it has room for, however much its content becomes', async () => {
  const bytes = await readCompressed('letters.bz2')
  let given = 0
  const endless = async function* () {
    for (;;) {
      given += 1
      yield Buffer.concat(Array.from({ length: 500 }, () => bytes))
    }
  }
  let count = 0
  for await (const piece of inThread('bzip2', startThread)(endless(), 'u')) {
    count += piece.byteLength
    if (count > 20_000_000) break
    await turn()
  }
  expect(given).toBeLessThan(20)
})

const failing: readonly [string, StartThread][] = [
  ['may not be', () => undefined],
  ['does not start', () => fromWorker(new Worker(new URL('./there-is-none.js', import.meta.url)))],
  ['ends before it is ready', () => fromWorker(new Worker('process.exit(3)', { eval: true }))],
]

function fromWorker(worker: Worker): DecoderThread {
  return {
    post: () => undefined,
    listen(_, onEnd) {
      worker.on('error', onEnd)
      worker.on('exit', onEnd)
    },
    hold: () => undefined,
    stop: () => void worker.terminate(),
  }
}

test.each(failing)('where a thread %s, the main one decodes, and lets others work', async (_, start) => {
  const bytes = await readCompressed('disk.xz')
  expect((await whole(inThread('xz', start)(cut(bytes), 'u'))).equals(await readDisk())).toBe(true)
  let turns = 0
  const done = new AbortController()
  const others = (async () => {
    for (; !done.signal.aborted; turns += 1) await turn()
  })()
  const many = Buffer.concat(Array.from({ length: 20 }, () => bytes))
  await whole(inThread('xz', start)(cut(many, many.byteLength), 'u'))
  done.abort()
  await others
  expect(turns).toBeGreaterThan(20)
})

test('a thread that dies in the middle is an error', async () => {
  const bytes = await readCompressed('letters.xz')
  const started: DecoderThread[] = []
  const decoder: Decoder = inThread('xz', () => {
    const thread = startThread() as DecoderThread
    started.push(thread)
    return thread
  })
  const silent = async function* () {
    yield bytes
    started[0]?.stop()
    await new Promise(() => undefined)
  }
  await expect(whole(decoder(silent(), 'u'))).rejects.toThrow(/ended unexpectedly/)
})

test('zstd of the runtime is used where there is one', async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  expect(hasZstd()).toBe(major > 22 || (major === 22 && minor >= 15))
  expect(await loadOwnDecoder('zstd')).not.toBe(nodeDecoder('zstd'))
})
