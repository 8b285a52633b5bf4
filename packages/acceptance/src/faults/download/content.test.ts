import { createHash } from 'node:crypto'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startFaultServer } from '@tyrax/testkit'
import { failure } from '../faulty-cloud.js'
import { cut, file, middle, once, scene, size, unfinished } from './scene.js'

test('D8: data that is longer than the image is an error, and no file', async () => {
  await using at = await scene([{ match: file, fault: { type: 'extend', bytes: 1 } }])
  expect(await failure(at.download())).toMatchObject({ name: 'IntegrityError', what: 'size' })
  expect(await at.files()).toEqual([])
})

test('D9: an answer that says that there is no data is an error, and no file', async () => {
  await using at = await scene([{ match: file, fault: { type: 'status', status: 204 } }])
  expect(await failure(at.download())).toMatchObject({ name: 'ImageStatusError' })
  expect(await at.files()).toEqual([])
})

test('D10: data with another hash is an error, and neither the file nor its part is there', async () => {
  await using at = await scene([{ match: file, fault: { type: 'corrupt', atResponseByte: 1_234_567 } }])
  expect(await failure(at.download())).toMatchObject({ name: 'IntegrityError', what: 'sha512' })
  expect(await at.files()).toEqual([])
  const { stream } = await at.under.cloud.images.download(at.id)
  const read = async () => {
    for await (const chunk of stream) expect(chunk.byteLength).toBeGreaterThan(0)
  }
  expect(await failure(read())).toMatchObject({ name: 'IntegrityError', what: 'sha512' })
})

test('D10: data that is not what was published is an error though the server vouches for it, and no file', async () => {
  await using at = await scene([])
  for (const algorithm of ['sha256', 'sha512']) {
    const checksum = `${algorithm}:${createHash(algorithm).update('another').digest('hex')}`
    expect(await failure(at.download({ checksum }))).toMatchObject({ name: 'ChecksumMismatch', algorithm })
    expect(await at.files()).toEqual([])
    const { stream } = await at.under.cloud.images.download(at.id, { checksum })
    const read = async () => {
      for await (const chunk of stream) expect(chunk.byteLength).toBeGreaterThan(0)
    }
    expect(await failure(read())).toMatchObject({ name: 'ChecksumMismatch' })
    const right = `${algorithm}:${createHash(algorithm).update(at.data).digest('hex')}`
    expect(await at.download({ checksum: right, overwrite: true })).toMatchObject({
      verdict: 'verified',
      sourceChecksum: { algorithm, verdict: 'verified' },
    })
    await rm(at.to)
  }
})

test('U21: a download that cannot be verified is refused before its first byte, where that is asked for', async () => {
  const time = '2026-01-01T00:00:00Z'
  const record = JSON.stringify({ id: 'x', status: 'active', size, tags: [], created_at: time, updated_at: time })
  await using at = await scene([
    { match: { method: 'GET', path: '/images/[^/]+$' }, fault: { type: 'body', body: record } },
  ])
  const refused = { name: 'IntegrityError', message: /cannot be verified/ }
  expect(await failure(at.download({ requireVerified: true }))).toMatchObject(refused)
  expect(await failure(at.under.cloud.images.download(at.id, { requireVerified: true }))).toMatchObject(refused)
  expect(at.ranges()).toEqual([])
  expect(await at.files()).toEqual([])
})

test.each([
  ['the image', 'imageId'],
  ['the hash', 'osHashValue'],
  ['the size', 'size'],
])('D13: what was left of other data, by %s, is not resumed from', async (_what, field) => {
  await using at = await scene(once(cut))
  await failure(at.download({ retries: 0 }))
  expect(await at.files()).toEqual(unfinished)
  const sidecar = JSON.parse(await readFile(`${at.to}.part.json`, 'utf8')) as { identity: Record<string, unknown> }
  expect(sidecar.identity).toHaveProperty(field)
  sidecar.identity[field] = 'another'
  await writeFile(`${at.to}.part.json`, JSON.stringify(sidecar))
  expect(await at.download()).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole', 'whole'])
  expect(await at.isWhole()).toBe(true)
})

test.each([
  ['gone', undefined],
  ['no JSON', '{"version":1,'],
  ['of another version', '{"version":0,"identity":{}}'],
])('D13: a .part file whose sidecar is %s is not resumed from', async (_what, text) => {
  await using at = await scene([])
  await writeFile(`${at.to}.part`, Buffer.alloc(middle))
  if (text !== undefined) await writeFile(`${at.to}.part.json`, text)
  expect(await at.download()).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole'])
})

test('D18: what a proxy has compressed is the image all the same, and was not asked for', async () => {
  await using at = await scene([])
  await using proxy = await startFaultServer({
    async handler(incoming, outgoing) {
      const headers = { 'x-auth-token': String(incoming.headers['x-auth-token']) }
      const answer = await fetch(at.under.image.url + incoming.url, { headers })
      const body = Buffer.from(await answer.arrayBuffer())
      const zip = incoming.url?.endsWith('/file') ?? false
      outgoing.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
        ...(zip ? { 'content-encoding': 'gzip' } : {}),
      })
      outgoing.end(zip ? gzipSync(body) : body)
    },
  })
  const cloud = await at.under.another({ imageEndpointOverride: `${proxy.url}/v2` })
  expect(await cloud.images.download(at.id, { to: at.to })).toMatchObject({ bytes: size, verdict: 'verified' })
  expect(await at.isWhole()).toBe(true)
  expect(proxy.requests.map((each) => each.headers['accept-encoding'])).toEqual(['identity', 'identity'])
})

test('D19: an image that is deactivated is an error that says so, and is asked for once', async () => {
  await using at = await scene([{ match: file, fault: { type: 'status', status: 403 } }])
  await using admin = await at.under.another({
    auth: { authUrl: at.under.identity.url, username: 'admin', password: 'secret', projectName: 'admin' },
  })
  await admin.images.deactivate(at.id)
  expect(await failure(at.download())).toMatchObject({
    name: 'ImageStatusError',
    status: 'deactivated',
    message: expect.stringContaining('deactivated'),
  })
  expect(at.ranges()).toEqual(['whole'])
  expect(await at.files()).toEqual([])
})

test('D20: the bytes that were there are hashed again: one that has changed is found, and all of it is fetched again', async () => {
  await using at = await scene(once(cut))
  await failure(at.download({ retries: 0 }))
  const part = await open(`${at.to}.part`, 'r+')
  await part.write(Buffer.from([(at.data[1234] ?? 0) ^ 1]), 0, 1, 1234)
  await part.close()
  expect(await at.download()).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`, 'whole'])
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
})
