import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../../start-cloud.js'
import { login } from '../../testing/sign-in.js'
import { gunzip } from './gunzip.js'
import { readTar } from './read-tar.js'

/** A header (ustar) with these fields, and its sum unless there is one. */
function header(name: string, size: string, type = '0', more: (block: Buffer) => void = () => undefined): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0)
  block.write(size, 124, 'latin1')
  block.write('        ', 148)
  block.write(type, 156)
  more(block)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)])

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

async function read(archive: AsyncIterable<Uint8Array>) {
  const found: { name: string; kind: string; data: string }[] = []
  for await (const member of readTar(archive)) {
    const chunks: Uint8Array[] = []
    for await (const chunk of member.bytes()) chunks.push(chunk)
    found.push({ name: member.name, kind: member.kind, data: Buffer.concat(chunks).toString() })
  }
  return found
}

const outcome = (archive: AsyncIterable<Uint8Array>) =>
  read(archive).then(
    () => 'read',
    (error: unknown) => (error instanceof Error ? error.name : error),
  )

describe('an archive', () => {
  const octal = (value: number) => value.toString(8).padStart(11, '0')
  const archive = Buffer.concat([
    header('a', octal(3)),
    padded(Buffer.from('one')),
    header('folder/', octal(0), '5'),
    header('name', octal(0), '0', (block) => block.write('prefix/of', 345)),
    header('binary', '\u0080\0\0\0\0\0\0\0\0\0\0\u0005'),
    padded(Buffer.from('bytes')),
    header('holes', octal(4), 'S'),
    padded(Buffer.from('hole')),
    header('unknown', octal(600), 'Z'),
    padded(Buffer.alloc(600)),
    header('last', octal(513)),
    padded(Buffer.alloc(513, 'l')),
    Buffer.alloc(1024),
    Buffer.from('what is behind the end'),
  ])

  test.each([1, 7, 512, 100_000])('reads the same in pieces of %i bytes', async (length) => {
    const members = await read(pieces(archive, length))
    expect(members.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'a file',
      'folder/ other',
      'prefix/of/name file',
      'binary file',
      'holes sparse-file',
      'unknown other',
      'last file',
    ])
    expect([members[0]?.data, members[3]?.data, members[6]?.data]).toEqual(['one', 'bytes', 'l'.repeat(513)])
    expect(await read(gunzip(pieces(gzipSync(archive), length)))).toEqual(members)
  })

  test('whose members are not read is passed over', async () => {
    const names: string[] = []
    for await (const { name } of readTar(pieces(archive, 100))) names.push(name)
    expect(names).toHaveLength(7)
  })

  test('that is noise ends, whatever the noise', async () => {
    for (let round = 0; round < 50; round += 1) {
      const noise = Buffer.concat([archive.subarray(0, 512 * (round % 10)), randomBytes(3000)])
      expect(await outcome(pieces(noise, 999))).toMatch(/^(read|InvalidTar)$/)
      const zipped = Buffer.concat([gzipSync(archive).subarray(0, round * 3), randomBytes(100)])
      expect(await outcome(gunzip(pieces(zipped, 50)))).toMatch(/^(read|InvalidTar)$/)
    }
  })

  test('with an extended header that claims gigabytes is refused before it is read', async () => {
    await expect(read(pieces(header('x', octal(2 ** 31), 'x'), 512))).rejects.toThrow('invalid header')
  })
})

describe('in the cloud', () => {
  let cloud: EmbeddedCloud
  let put: (query: string, body: Uint8Array) => Promise<Response>
  beforeAll(async () => {
    cloud = await startCloud({ port: 0 })
    const { token, projectId } = await login(cloud.authUrl, 'demo')
    put = (query, body) =>
      fetch(`${cloud.objectStoreUrl}/AUTH_${projectId}/c${query}`, {
        method: 'PUT',
        headers: { 'x-auth-token': token, accept: 'application/json' },
        body: body as BodyInit,
      })
    await put('', new Uint8Array(0))
  })
  afterAll(() => cloud.close())

  test('bzip2 is refused, with what can be sent instead', async () => {
    const answer = await put('?extract-archive=tar.bz2', randomBytes(10))
    expect([answer.status, await answer.text()]).toEqual([
      400,
      'Unsupported archive format: this cloud extracts tar and tar.gz',
    ])
  })

  test('metadata of a file that no header can hold refuses the file', async () => {
    const records = ['SCHILY.xattr.user.meta.a=b\r\nSet-Cookie: x', 'SCHILY.xattr.user.meta.a\nb=c']
    for (const record of records) {
      const pax = Buffer.from(`${record.length + 4} ${record}\n`)
      const archive = [header('pax', pax.length.toString(8), 'x'), padded(pax), header('o', '0')]
      const report = (await (await put('?extract-archive=tar', Buffer.concat(archive))).json()) as object
      expect(report).toMatchObject({ 'Number Files Created': 0, Errors: [['c/o', '400 Bad Request']] })
    }
  })
})
