import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createHashThreads, type Digests, type HashThreads } from './hash-threads.js'

function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength))
  copy.set(bytes)
  return copy
}

function digestOf(threads: HashThreads, name: string, bytes: Uint8Array): Promise<Digests> {
  return new Promise<Digests>((resolve, reject) => {
    const hash = threads.open(
      { names: [[name, name]] },
      { done: (digests) => void hash.close().then(() => resolve(digests)), fail: reject },
    )
    void hash.hand(0, shared(bytes))
    hash.post({ digest: true })
  })
}

const bytes = randomBytes(300_000)
const expected = (name: string) => [[name, createHash(name).update(bytes).digest('hex')]]

test.each([0, 60_000])('one hash after the other is right, with threads that wait %i ms for the next', async (wait) => {
  const threads = createHashThreads({ most: 2, lingerMs: wait })
  for (const name of ['md5', 'sha512', 'sha256', 'md5']) {
    expect(await digestOf(threads, name, bytes)).toEqual(expected(name))
  }
  const several = ['md5', 'sha512', 'sha1'].map((name) => digestOf(threads, name, bytes))
  expect(await Promise.all(several)).toEqual(['md5', 'sha512', 'sha1'].map(expected))
  await threads.close()
})

test('closing the threads fails what is open, and keeps no memory that was handed over', async () => {
  const threads = createHashThreads({ most: 1 })
  const failures: string[] = []
  const hash = threads.open({ names: [['md5', 'md5']] }, { done() {}, fail: ({ message }) => failures.push(message) })
  const handed = hash.hand(1, shared(bytes))
  await threads.close()
  await handed
  await hash.hand(1, shared(bytes))
  await hash.close()
  expect(failures).toEqual(['the hashing thread ended unexpectedly'])
  expect(await digestOf(threads, 'md5', bytes)).toEqual(expected('md5'))
  await threads.close()
})

test.each([0, 60_000])('hashes and threads can be closed at the same time (linger %i ms)', async (lingerMs) => {
  for (const isHashFirst of [true, false]) {
    const threads = createHashThreads({ most: 1, lingerMs })
    const hashes = Array.from({ length: 3 }, () =>
      threads.open({ names: [['md5', 'md5']] }, { done: () => undefined, fail: () => undefined }),
    )
    for (const hash of hashes) void hash.hand(0, shared(bytes))
    const closing = isHashFirst ? [] : [threads.close()]
    closing.push(...hashes.map((hash) => hash.close()))
    closing.push(threads.close())
    await expect(Promise.all(closing)).resolves.toHaveLength(closing.length)
  }
})
