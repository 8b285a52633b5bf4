import { PassThrough, Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { eachChunk } from './content-encoding.js'

test('chunks come as they were, in order, and none are joined', async () => {
  const chunks = Array.from({ length: 100 }, (_, index) => Buffer.alloc(10_000, index))
  const seen: Uint8Array[] = []
  for await (const chunk of eachChunk(Readable.from(chunks, { objectMode: false }))) {
    seen.push(chunk)
    if (seen.length % 10 === 0) await new Promise(setImmediate)
  }
  expect(seen).toHaveLength(100)
  expect(Buffer.concat(seen).equals(Buffer.concat(chunks))).toBe(true)
  expect(seen.every((chunk, index) => chunk.buffer === chunks[index]?.buffer)).toBe(true)
})

test('a slow reader holds the stream up', async () => {
  let given = 0
  const stream = new Readable({
    highWaterMark: 64 * 1024,
    read() {
      given += 1
      this.push(given <= 1000 ? Buffer.alloc(64 * 1024) : null)
    },
  })
  let read = 0
  for await (const chunk of eachChunk(stream)) {
    read += chunk.byteLength / (64 * 1024)
    if (read % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(given - read).toBeLessThan(10)
  }
  expect(read).toBe(1000)
})

test('what came before an error is given, then the error', async () => {
  const stream = new PassThrough()
  const seen: string[] = []
  const reading = (async () => {
    for await (const chunk of eachChunk(stream)) seen.push(Buffer.from(chunk).toString())
  })()
  stream.write('a')
  await new Promise(setImmediate)
  stream.destroy(new Error('broken'))
  await expect(reading).rejects.toThrow('broken')
  expect(seen).toEqual(['a'])
})

test('a stream that is closed before its end is an error, and one that is left is closed', async () => {
  const closed = new PassThrough()
  const reading = eachChunk(closed).next()
  closed.destroy()
  await expect(reading).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })

  const left = new PassThrough()
  left.write('a')
  for await (const chunk of eachChunk(left)) {
    expect(Buffer.from(chunk).toString()).toBe('a')
    break
  }
  expect(left.destroyed).toBe(true)
})

test('a stream that has failed, was closed or has ended before it is read is told from one that goes on', async () => {
  const failed = new PassThrough()
  failed.on('error', () => undefined)
  failed.destroy(new Error('broken'))
  await new Promise(setImmediate)
  await expect(eachChunk(failed).next()).rejects.toThrow('broken')

  const closed = new PassThrough()
  closed.destroy()
  await new Promise(setImmediate)
  await expect(eachChunk(closed).next()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })

  const ended = new PassThrough()
  ended.resume().end()
  await new Promise((resolve) => ended.once('close', resolve))
  expect(await eachChunk(ended).next()).toEqual({ done: true, value: undefined })
})
