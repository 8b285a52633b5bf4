import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { createCRC32 } from 'hash-wasm'
import { expect, test } from 'vitest'
import { SourceError } from '../../errors/transfer-errors.js'
import { gunzip } from '../../node/decompress/gunzip.js'
import { compressedPath, letters, numbers, readCompressed, readDisk } from '../../testing/compressed-fixtures.js'
import { type Compression, compressionOf } from '../../platform/compression.js'
import type { Decoder } from '../../platform/decoder.js'
import { loadOwnDecoder } from './decoders.js'

const compressions: Readonly<Record<string, Compression>> = { gz: 'gzip', xz: 'xz', zst: 'zstd', bz2: 'bzip2' }
const endings = Object.keys(compressions)
const compressionFor = (ending: string) => compressions[ending] ?? 'gzip'
const compressionOfName = (name: string) => compressionFor(name.split('.').at(-1) ?? '')
const nothing = Buffer.alloc(0)
/** The filters of xz that can precede LZMA2, and several in one file. */
const filters = ['x86', 'powerpc', 'ia64', 'arm', 'armthumb', 'sparc', 'arm64', 'delta', 'chain']
const twice = Buffer.concat([numbers, numbers])

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}

/** gzip with Node's decoder, the others with our own, in this thread. */
const loadDecoder = async (compression: Compression): Promise<Decoder> =>
  compression === 'gzip' ? gunzip : loadOwnDecoder(compression)

async function decode(compression: Compression, input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const decoder = await loadDecoder(compression)
  const pieces: Uint8Array[] = []
  for await (const piece of decoder(input, 'u.img')) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** The result of a decoder: the content, or its error. */
const outcome = (compression: Compression, bytes: Uint8Array): Promise<Buffer | Error> =>
  decode(compression, cut(bytes, 4096)).catch((error: Error) => error)

test.each<[string, Buffer]>([
  ...endings.map((ending): [string, Buffer] => [`numbers.${ending}`, numbers]),
  ...endings.map((ending): [string, Buffer] => [`letters.${ending}`, letters]),
  ['members.gz', twice],
  ['streams.xz', Buffer.concat([twice, numbers])],
  ['blocks.xz', numbers],
  ['properties.xz', numbers],
  ['unchecked.xz', numbers],
  ['filter.xz', numbers],
  ...filters.map((filter): [string, Buffer] => [`code-${filter}.xz`, readFileSync(compressedPath('code.bin'))]),
  ['empty.xz', nothing],
  ['frames.zst', twice],
  ['skippable.zst', numbers],
  ['unchecked.zst', numbers],
  ['long.zst', numbers],
  ['empty.zst', nothing],
  ['streams.bz2', twice],
  ['empty.bz2', nothing],
])('%s gives what went into it, however it is cut', async (name, content) => {
  const bytes = await readCompressed(name)
  const compression = compressionOfName(name)
  for (const size of [1, 7, 64, bytes.byteLength]) {
    expect((await decode(compression, cut(bytes, size))).equals(content)).toBe(true)
  }
})

test.each(endings)('a disk image compressed as .%s comes out as it was', async (ending) => {
  const bytes = await readCompressed(`disk.${ending}`)
  const disk = await readDisk()
  expect((await decode(compressionFor(ending), cut(bytes, 1000))).equals(disk)).toBe(true)
})

test.each(endings)('.%s data may be cut anywhere, into pieces of any size, empty ones too', async (ending) => {
  const bytes = await readCompressed(`numbers.${ending}`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.byteLength), { maxLength: 20 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.byteLength]
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      const content = await decode(
        compressionFor(ending),
        (async function* () {
          yield* pieces
        })(),
      )
      expect(content.equals(numbers)).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test.each<[string, number]>([
  ['numbers.gz', 0],
  ['numbers.xz', 0],
  ['numbers.zst', 0],
  ['numbers.bz2', 0],
  ['blocks.xz', 0],
  ['letters.zst', 0],
  // If the file is cut after the first of its two members, the rest is a complete file.
  ['members.gz', 1],
  ['frames.zst', 1],
  ['streams.bz2', 1],
])('%s that ends early, after any byte, is an error', async (name, members) => {
  const bytes = await readCompressed(name)
  const compression = compressionOfName(name)
  const results: (Buffer | Error)[] = []
  for (let length = 1; length < bytes.byteLength; length += 1) {
    results.push(await outcome(compression, bytes.subarray(0, length)))
  }
  const errors = results.filter((result) => result instanceof SourceError)
  expect(errors.every(({ message }) => message.startsWith('u.img is damaged'))).toBe(true)
  expect(results.length - errors.length).toBe(members)
})

test.each(endings)('a .%s file with any byte changed is an error, or has not lost anything', async (ending) => {
  const bytes = await readCompressed(`numbers.${ending}`)
  for (let at = 0; at < bytes.byteLength; at += 1) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at)
    const result = await outcome(compressionFor(ending), changed)
    expect(result instanceof SourceError || (Buffer.isBuffer(result) && result.equals(numbers))).toBe(true)
  }
})

test.each(endings)(
  'noise behind the beginning of a .%s file is an error, never a crash or an endless loop',
  async (ending) => {
    const bytes = await readCompressed(`numbers.${ending}`)
    await fc.assert(
      fc.asyncProperty(fc.nat(100), fc.uint8Array({ minLength: 1, maxLength: 3000 }), async (kept, noise) => {
        const result = await outcome(compressionFor(ending), Buffer.concat([bytes.subarray(0, kept + 6), noise]))
        expect(result).toBeInstanceOf(SourceError)
      }),
      { numRuns: 100 },
    )
  },
)

test.each([1, 512, 100_000])(
  '%i zeros behind a .gz file are padding, and what follows them is an error',
  async (zeros) => {
    for (const name of ['numbers.gz', 'members.gz']) {
      const padded = Buffer.concat([await readCompressed(name), Buffer.alloc(zeros)])
      for (const size of zeros < 1000 ? [1, 7, 64, padded.byteLength] : [1000, padded.byteLength]) {
        const content = await decode('gzip', cut(padded, size))
        expect(content.equals(name === 'members.gz' ? twice : numbers)).toBe(true)
      }
      const result = await outcome('gzip', Buffer.concat([padded, Buffer.from('and more')]))
      expect(result).toMatchObject({ name: 'SourceError' })
    }
  },
)

test.each(['gz', 'xz', 'zst'])('what follows a .%s file and is none is an error', async (ending) => {
  const bytes = await readCompressed(`numbers.${ending}`)
  for (const more of ['and more', 'and much more '.repeat(100_000)]) {
    const result = await outcome(compressionFor(ending), Buffer.concat([bytes, Buffer.from(more)]))
    expect(result).toMatchObject({ name: 'SourceError' })
  }
})

test('what follows a .bz2 file and does not begin like one is passed over, as bzip2(1) does', async () => {
  for (const name of ['numbers.bz2', 'streams.bz2']) {
    const bytes = await readCompressed(name)
    for (const more of ['and more', 'BZip', 'BZh0', 'B\0', '\0', 'and much more '.repeat(100_000)]) {
      const longer = Buffer.concat([bytes, Buffer.from(more)])
      for (const size of [1000, longer.byteLength]) {
        expect((await decode('bzip2', cut(longer, size))).equals(name === 'numbers.bz2' ? numbers : twice)).toBe(true)
      }
    }
    for (const more of ['B', 'BZ', 'BZh', 'BZh9', 'BZh9 and more']) {
      const result = await outcome('bzip2', Buffer.concat([bytes, Buffer.from(more)]))
      expect([more, result]).toMatchObject([more, { name: 'SourceError' }])
    }
  }
})

test('what follows a .bz2 file is read to its end, so that a checksum of all of it can be compared', async () => {
  const longer = Buffer.concat([await readCompressed('numbers.bz2'), Buffer.alloc(3_000_000, 7)])
  let read = 0
  const counted = async function* () {
    for await (const piece of cut(longer, 100_000)) {
      yield piece
      read += piece.byteLength
    }
  }
  expect((await decode('bzip2', counted())).equals(numbers)).toBe(true)
  expect(read).toBe(longer.byteLength)
})

test('a block of bzip2 that is randomised comes out as it was', async () => {
  const content = Buffer.from(numbers)
  content.writeUInt8(content.readUInt8(617) ^ 1, 617)
  expect((await decode('bzip2', cut(await readCompressed('randomised.bz2'), 64))).equals(content)).toBe(true)
})

test('a block of bzip2 that ends after four equal bytes, without how many more follow, is an error', async () => {
  const bytes = Buffer.from('425a6831314159265359881233a600000001002000200020a02898bb9229c2848440919d30', 'hex')
  expect(await outcome('bzip2', bytes)).toBeInstanceOf(SourceError)
})

test.each([
  ['window.zst', /needs a window of 2147483648 bytes, more than 134217728/],
  ['known.zst', /needs the dictionary 4711/],
  ['dictionary.xz', /needs a dictionary of 201326592 bytes, more than 134217728/],
])('%s asks for what is not offered, and is told what to do', async (name, message) => {
  const result = await outcome(compressionOfName(name), await readCompressed(name))
  expect(result).toMatchObject({
    name: 'SourceError',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/program first/),
  })
})

test('a filter that is not known is named', async () => {
  const bytes = await readCompressed('filter.xz')
  const header = bytes.subarray(12, 12 + (bytes.readUInt8(12) + 1) * 4)
  const id = header.indexOf(0x04, 2)
  for (const [other, message] of [
    [0x0b, /the RISC-V filter, which is not known here/],
    [0x7f, /the filter 127, which is not known here/],
  ] as const) {
    header.writeUInt8(other, id)
    const crc = (await createCRC32()).init().update(header.subarray(0, -4)).digest('binary')
    header.set(crc.toReversed(), header.byteLength - 4)
    expect(await outcome('xz', bytes)).toMatchObject({
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/program first/),
    })
  }
})

test.each(endings)(
  'a .%s file that is little and gives much is given in small pieces, and read no further than asked',
  async (ending) => {
    const bytes = await readCompressed(`letters.${ending}`)
    let given = 0
    let ended = false
    const endless = async function* () {
      try {
        for (;;) {
          given += 1
          yield bytes
        }
      } finally {
        ended = true
      }
    }
    const decoder = await loadDecoder(compressionFor(ending))
    let count = 0
    for await (const piece of decoder(endless(), 'bomb')) {
      expect(piece.byteLength).toBeLessThanOrEqual(2 * 1024 * 1024)
      count += piece.byteLength
      if (count > 5_000_000) break
    }
    expect(ended).toBe(true)
    // Only a few buffers of compressed data may be read ahead, however much the consumer would have taken.
    expect(given * bytes.byteLength).toBeLessThan(4_000_000)
  },
)

test.each(endings)('an error of the source passes through the .%s decoder as it is', async (ending) => {
  const bytes = await readCompressed(`numbers.${ending}`)
  const broken = async function* () {
    yield bytes.subarray(0, 100)
    throw new SourceError('the cable was pulled')
  }
  await expect(decode(compressionFor(ending), broken())).rejects.toThrow('the cable was pulled')
})

test('what decoders gave stays as it was while they go on', async () => {
  for (const ending of endings) {
    const decoder = await loadDecoder(compressionFor(ending))
    const pieces: { readonly piece: Uint8Array; readonly copy: Buffer }[] = []
    for await (const piece of decoder(cut(await readCompressed(`disk.${ending}`), 500), 'u')) {
      pieces.push({ piece, copy: Buffer.from(piece) })
    }
    for (const { piece, copy } of pieces) expect(copy.equals(piece)).toBe(true)
  }
})

test('random content goes through gzip whole', async () => {
  const content = randomBytes(3_000_001)
  expect((await decode('gzip', cut(gzipSync(content), 70_000))).equals(content)).toBe(true)
})

test('how data is compressed shows in its first bytes alone', async () => {
  for (const ending of endings) {
    expect(compressionOf(await readCompressed(`numbers.${ending}`))).toBe(compressions[ending])
  }
  expect(compressionOf(numbers)).toBeUndefined()
  expect(compressionOf(new Uint8Array())).toBeUndefined()
})
