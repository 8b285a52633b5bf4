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
    { algorithm: 'md5', isKnown: true, value: md5('a'), name: 'a\\b\nc' },
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
  expect(parseChecksumList(text).at(-1)).toMatchObject({ algorithm: 'sha256', value: sha256('b'), name: 'u.img' })
})

const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')
const sha512 = (text: string) => hex('sha512', text)
const sha1 = (text: string) => hex('sha1', text)
const blake2 = (text: string) => hex('blake2b512', text)
const named = (text: string | Uint8Array, label: string) =>
  fromBytes(typeof text === 'string' ? Buffer.from(text) : text, label)

test.each<[string, string, string]>([
  ['Gentoo', `# BLAKE2B HASH\n${blake2('x')}  u.img\n# SHA512 HASH\n${sha512('a')}  u.img\n`, 'sha512'],
  [
    'Gentoo, the other way round',
    `# SHA512 HASH\n${sha512('a')}  u.img\n# BLAKE2B HASH\n${blake2('x')}  u.img\n`,
    'sha512',
  ],
  [
    'Flatcar',
    `# MD5 HASH\n${md5('a')}  u.img\n# SHA1 HASH\n${sha1('a')}  u.img\n# SHA512 HASH\n${sha512('a')}  u.img\n`,
    'sha512',
  ],
  ['Debian', `MD5Sum:\n ${md5('a')} 1234 u.img\nSHA256:\n ${sha256('a')}    1234 u.img\n`, 'sha256'],
  [
    'Debian, of a package',
    `Checksums-Sha1:\n ${sha1('a')} 12 u.img\nChecksums-Sha256:\n ${sha256('a')} 12 u.img\n`,
    'sha256',
  ],
  [
    'headings that say what is there anyway',
    `[sha256]\n${sha256('a')}  u.img\n## SHA-512 checksums ##\n${sha512('a')}  u.img\n`,
    'sha512',
  ],
  [
    'SHA-3, which has the length of SHA-2',
    `# SHA3-512\n${sha512('x')}  u.img\n=== sha256sum ===\n${sha256('a')}  u.img\n`,
    'sha256',
  ],
  ['a heading that is meant for nothing below', `# SHA1\n\n${sha256('a')}  u.img\n`, 'sha256'],
  [
    'certutil',
    `SHA256 hash of u.img:\r\n${sha256('a')}\r\nCertUtil: -hashfile command completed successfully.\r\n`,
    'sha256',
  ],
  [
    'Fedora',
    `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\n# u.img: 400 bytes\nSHA256 (u.img) = ${sha256('a')}\n-----BEGIN PGP SIGNATURE-----\n\n${sha512('x')}\n-----END PGP SIGNATURE-----\n`,
    'sha256',
  ],
  [
    'several tags',
    `BLAKE2b (u.img) = ${blake2('x')}\nSHA3-256 (u.img) = ${sha256('x')}\nSHA512/256 (u.img) = ${sha256('x')}\nSM3 (u.img) = ${sha256('x')}\nSHA384 (u.img) = ${hex('sha384', 'a')}\n`,
    'sha384',
  ],
  ['base64', `SHA256 (u.img) = ${createHash('sha256').update('a').digest('base64')}\n`, 'sha256'],
  ['a tag before the digest', `blake2b:${blake2('x')}  u.img\nsha256:${sha256('a')}  u.img\n`, 'sha256'],
  ['columns', `Algorithm  Hash  Path\nSHA256     ${sha256('a').toUpperCase()}     C:\\images\\u.img\n`, 'sha256'],
  ['CRC-32 beside it', `CRC32 (u.img) = deadbeef\n${sha256('a')} *./u.img\n`, 'sha256'],
])('lists of %s', async (_, text, algorithm) => {
  const expected = { algorithm, value: hex(algorithm, 'a') }
  for (const each of [text, `\uFEFF${text}`, Buffer.from(`\uFEFF${text}`, 'utf16le')]) {
    expect(await findChecksum(named(each, 'DIGESTS'), image(), getUrl, undefined)).toEqual(expected)
  }
})

test.each([
  ['https://example.org/b2sums.txt', blake2('x'), /lists u\.img only with b2sums, which cannot be compared/],
  ['/srv/u.img.b3', sha256('x'), /only with b3/],
  ['B2SUMS', blake2('x'), /only with B2SUMS/],
  ['u.img.sha3-512', sha512('x'), /only with sha3-512/],
  ['u.img.rmd160', sha1('x'), /only with rmd160/],
])('the name of a list says what is in it: %s', async (label, value, message) => {
  for (const line of [`${value}  u.img\n`, `${value}\n`]) {
    const error = await findChecksum(named(line, label), image(), getUrl, undefined).catch((reason: unknown) => reason)
    expect(String(error)).toMatch(line.includes('u.img') ? message : /lists the file only with/)
    expect(error).toMatchObject({
      name: 'SourceError',
      hint: expect.stringContaining('the supported ones are md5, sha1, sha224, sha256'),
    })
  }
  expect(
    await findChecksum(named(`${value}  u.img\nSHA256 (u.img) = ${sha256('a')}\n`, label), image(), getUrl, undefined),
  ).toEqual({
    algorithm: 'sha256',
    value: sha256('a'),
  })
})

test.each([
  'https://example.org/tiger/CHECKSUM',
  '/srv/whirlpool-1.0/SHA256SUMS',
  'tiger-2.0.CHECKSUM',
  'u.img.sha256',
])('the name of a list that says nothing of algorithms, or the right one: %s', async (label) => {
  expect(await findChecksum(named(`${sha256('a')}  u.img\n`, label), image(), getUrl, undefined)).toMatchObject({
    value: sha256('a'),
  })
})

const folders = `${sha256('1')}  ./amd64/u.img\n${sha256('2')} *arm64\\u.img\n${sha512('3')}  old/amd64/u.img\n${sha256('4')}  v%201/x/u.img\n`

test.each([
  ['https://example.org/rel/amd64/u.img', sha256('1')],
  ['/srv/arm64/u.img', sha256('2')],
  ['C:\\mirror\\arm64\\u.img', sha256('2')],
  ['https://example.org/old/amd64/u.img?token=x/y', sha512('3')],
  ['https://example.org/v%201/x/u.img', sha256('4')],
  ['/srv/v 1/x/u.img', sha256('4')],
])('the same name in several folders is told apart by the path: %s', async (label, value) => {
  expect(await findChecksum(list(folders), image(label), getUrl, undefined)).toMatchObject({ value })
})

test('where the path does not tell, the error names the choices, and equal ones are none', async () => {
  const error = await findChecksum(list(folders), image('/srv/u.img'), getUrl, undefined).catch(
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({
    message: 'SHA256SUMS lists u.img in several folders, with different checksums',
    hint: expect.stringContaining(`sha256:${sha256('2')} (arm64/u.img)`),
  })
  const equal = `${sha256('1')}  a/u.img\n${sha256('1')}  b/u.img\n`
  expect(await findChecksum(list(equal), image('/srv/u.img'), getUrl, undefined)).toMatchObject({ value: sha256('1') })
})

test('several digests alone on their lines are of one file, and the strongest is taken', async () => {
  const text = `${md5('a')}\n${sha512('a')}\n${sha1('a')}\n`
  expect(await findChecksum(list(text), image('stream'), getUrl, undefined)).toEqual({
    algorithm: 'sha512',
    value: sha512('a'),
  })
})

test('a list that is named after the file may name what the file links to', async () => {
  const text = `${sha256('a')}  u-1.2-Build3.img\n`
  const own = named(text, 'https://example.org/u.img.sha256')
  expect(await findChecksum(own, image('https://example.org/u.img'), getUrl, undefined)).toMatchObject({
    value: sha256('a'),
  })
  await expect(findChecksum(named(text, 'v.img.sha256'), image(), getUrl, undefined)).rejects.toThrow(
    /does not list u\.img/,
  )
})

test('what is not listed is answered with what is like it first', async () => {
  const text = `${Array.from({ length: 20 }, (_, at) => `${sha256(`${at}`)}  other-${at}.iso\n`).join('')}${sha256('a')}  u.img\n`
  await expect(findChecksum(list(text), image('/srv/u.img.xz'), getUrl, undefined)).rejects.toMatchObject({
    message: 'SHA256SUMS does not list u.img.xz',
    hint: expect.stringMatching(/^it has u\.img, other-0\.iso, .*, …;/),
  })
  await expect(findChecksum(list('<!DOCTYPE html><p>'), image(), getUrl, undefined)).rejects.toMatchObject({
    hint: 'it is a web page: give the address of the list itself',
  })
})

test('an algorithm that is not known is named', async () => {
  await expect(findChecksum(`blake2b:${blake2('x')}`, image(), getUrl, undefined)).rejects.toMatchObject({
    name: 'UsageError',
    message: `the checksum's algorithm "blake2b" is not known`,
    hint: 'the supported ones are md5, sha1, sha224, sha256, sha384, sha512',
  })
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
