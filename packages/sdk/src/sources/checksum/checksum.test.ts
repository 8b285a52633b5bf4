import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SourceError } from '../../errors/transfer-errors.js'
import { nodePlatform } from '../../node/platform/node-platform.js'
import { fromBytes } from '../bytes-source.js'
import { fromStream } from '../stream-source.js'
import { checkedSource } from './checked-source.js'
import { parseChecksumList } from './checksum-list.js'
import { getUrl } from '../../node/sources/get-url.js'
import { findChecksum } from './find-checksum.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const list = (text: string) => fromBytes(Buffer.from(text), 'SHA256SUMS')
const image = (label = '/srv/images/u.img') => fromBytes(new Uint8Array(1), label)

test.each([
  ['GNU', `${sha256('a')}  u.img`],
  ['GNU in binary mode', `${sha256('a')} *u.img`],
  ['BSD', `SHA256 (u.img) = ${sha256('a')}`],
  ['OpenSSL', `SHA2-256(u.img)= ${sha256('a')}`],
  ['in capitals, from elsewhere', `${sha256('a').toUpperCase()}  ./dir/u.img\r`],
])('an entry is found by the file name: %s', async (_form, line) => {
  const text = `# a comment\n${sha256('b')}  v.img\n${line}\n${sha256('c')}  u.img.asc\n`
  const expected = { algorithm: 'sha256', value: sha256('a') }
  expect(await findChecksum(list(text), image(), getUrl, undefined)).toEqual(expected)
  expect(await findChecksum(list(text), image('https://example.org/a/u.img?x=/y'), getUrl, undefined)).toEqual(expected)
})

test('a digest alone in its file is the one of the file beside it', async () => {
  expect(await findChecksum(list(`${md5('a')}\n`), image('stream'), getUrl, undefined)).toEqual({
    algorithm: 'md5',
    value: md5('a'),
  })
})

test('of several the strongest is taken', async () => {
  const text = `MD5 (u.img) = ${md5('a')}\nSHA256 (u.img) = ${sha256('a')}\n`
  expect(await findChecksum(list(text), image(), getUrl, undefined)).toMatchObject({ algorithm: 'sha256' })
})

test('names with backslashes and line ends are escaped in lists', () => {
  expect(parseChecksumList(`\\${md5('a')}  a\\\\b\\nc`)).toEqual([
    { algorithm: 'md5', value: md5('a'), name: 'a\\b\nc' },
  ])
})

test.each<[string, string, string, RegExp]>([
  ['that does not have the file', `${sha256('a')}  other.img`, 'u.img', /does not list u\.img/],
  ['that has no checksums', '<html>', 'u.img', /lists no checksums/],
  ['that contradicts itself', `${sha256('a')}  u.img\n${sha256('b')}  u.img`, 'u.img', /different checksums/],
  ['for a source without a name', `${sha256('a')}  u.img`, 'standard input', /has no file name/],
])('a list %s is an error', async (_what, text, label, message) => {
  await expect(findChecksum(list(text), image(label), getUrl, undefined)).rejects.toThrow(message)
})

test.each([
  ['blanks', `${sha256('a')} x${' '.repeat(2_000_000)}y`],
  ['blanks of Unicode', `${sha256('a')} ${'x '.repeat(1_000_000)}\u2028`],
  ['brackets', `SHA256 (${') = a '.repeat(500_000)}`],
  ['digits', '0'.repeat(4_000_000)],
  ['tags', 'A-'.repeat(2_000_000)],
])('a line of millions of %s is read like any other', (_, line) => {
  const text = `${line}\n${sha256('b')}  u.img\n`
  expect(parseChecksumList(text).at(-1)).toEqual({ algorithm: 'sha256', value: sha256('b'), name: 'u.img' })
})

test('a list without end is too large', async () => {
  const endless = (async function* () {
    for (;;) yield Buffer.alloc(1024 * 1024, `${sha256('a')}  x.img\n`)
  })()
  await expect(findChecksum(fromStream(endless), image(), getUrl, undefined)).rejects.toThrow(/too large for a list/)
})

test('a list of any text is read without a crash', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      for (const { value } of parseChecksumList(text)) expect(value).toMatch(/^[0-9a-f]+$/)
    }),
  )
})

test('a source that is right is given whole, from anywhere, and is known to be right after its end', async () => {
  const text = 'abcdefghij'
  const source = checkedSource(fromBytes(Buffer.from(text)), { algorithm: 'md5', value: md5(text) }, nodePlatform)
  expect(source).toMatchObject({ size: 10, replayable: true, isVerified: false })
  for (const start of [0, 3, 10]) {
    const chunks: Uint8Array[] = []
    for await (const chunk of source.open({ start })) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe(text.slice(start))
  }
  expect(source.isVerified).toBe(true)
})

test('a source that is wrong is never given whole', async () => {
  const stream = async function* () {
    for (let i = 0; i < 5; i += 1) yield Buffer.from(`chunk ${i}`)
  }
  const source = checkedSource(fromStream(stream()), { algorithm: 'md5', value: md5('x') }, nodePlatform)
  let given = 0
  const reading = (async () => {
    for await (const chunk of source.open()) given += chunk.byteLength
  })()
  await expect(reading).rejects.toBeInstanceOf(SourceError)
  expect(given).toBe(4 * 7)
  expect(source.isVerified).toBe(false)
})
