import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { SourceError } from '../../errors/transfer-errors.js'
import { gunzip } from './gunzip.js'

const content = Buffer.from('many bytes, and the same again. '.repeat(10_000))

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

async function decode(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of gunzip(input, 'u.img')) pieces.push(piece)
  return Buffer.concat(pieces)
}

test('gzip is undone with what every runtime has', async () => {
  expect((await decode(cut(gzipSync(content), 100))).equals(content)).toBe(true)
})

test('damaged gzip is an error that says so', async () => {
  const bytes = gzipSync(content)
  bytes.writeUInt8(bytes.readUInt8(bytes.byteLength - 6) ^ 1, bytes.byteLength - 6)
  await expect(decode(cut(bytes, 100))).rejects.toThrow(/u\.img is damaged/)
})

test('an error of the source passes through as it is', async () => {
  const broken = async function* () {
    yield gzipSync(content).subarray(0, 50)
    throw new SourceError('the cable was pulled')
  }
  await expect(decode(broken())).rejects.toThrow('the cable was pulled')
})
