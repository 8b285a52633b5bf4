import { appendFile, stat } from 'node:fs/promises'
import { Agent } from 'node:http'
import type { Fault } from '@tyrax/server'
import { expect, test } from 'vitest'
import { forwardTo, startFaultServer } from '@tyrax/testkit'
import { failure } from '../faulty-cloud.js'
import { cut, file, middle, once, part, scene, size, unfinished, whole } from './scene.js'

test.each<[string, Fault]>([
  ['D6: a connection that is closed short of its length', cut],
  ['D7: an answer that is short of the image and says nothing of it', { type: 'truncate', afterResponseBytes: middle }],
  ['D11: a body that stops moving', { type: 'stall', afterResponseBytes: middle }],
])('%s is followed by another that resumes after the last byte', async (_what, fault) => {
  await using at = await scene(once(fault))
  expect(await at.download()).toMatchObject({ bytes: size, resumedBytes: 0, verdict: 'verified' })
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`])
})

test('D1: a connection that is reset is followed by another that resumes after the last byte', async () => {
  await using at = await scene(once({ type: 'reset', afterResponseBytes: middle }))
  await at.download()
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
  const [first, second = ''] = at.ranges()
  expect(first).toBe('whole')
  // A reset may overtake bytes that were sent before it.
  expect(Number(second.split('-')[0])).toBeLessThanOrEqual(middle)
})

test('D1: a stream resumes the same way', async () => {
  await using at = await scene(once(cut))
  const { stream } = await at.under.cloud.images.download(at.id)
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(Buffer.concat(chunks).equals(at.data)).toBe(true)
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`])
})

test('D1: a connection that is cut again and again gets there as long as each brings something', async () => {
  await using at = await scene([{ match: file, fault: { type: 'reset', afterResponseBytes: 150_000 } }])
  await at.download()
  expect(await at.isWhole()).toBe(true)
  expect(at.ranges().length).toBeGreaterThan(10)
})

test('D1: connections that bring nothing more end it, and what came stays for another run', async () => {
  await using at = await scene([
    { match: part, fault: { type: 'reset', afterResponseBytes: 0 } },
    { match: whole, fault: cut },
  ])
  const error = await failure(at.download())
  expect(error).toMatchObject({
    name: 'ConnectionError',
    hint: expect.stringMatching(/keeps 1000000 of 2000000 bytes/),
  })
  expect(at.ranges()).toHaveLength(1 + 3)
  expect(await at.files()).toEqual(unfinished)

  const { resumedBytes } = await at.under.direct.images.download(at.id, { to: at.to })
  expect(resumedBytes).toBe(middle)
  expect(await at.isWhole()).toBe(true)
  expect(await at.files()).toEqual(['d.raw'])
})

test('D2: a range that is answered with the whole is read past what is there, and not asked for again', async () => {
  await using at = await scene([])
  const forward = forwardTo(new URL(at.under.image.url), new Agent())
  await using deaf = await startFaultServer({
    handler(incoming, outgoing) {
      delete incoming.headers.range
      forward(incoming, outgoing)
    },
  })
  await using front = await startFaultServer({
    upstream: deaf.url,
    plan: [{ match: { ...file, nth: 1, count: 2 }, fault: cut }],
  })
  const cloud = await at.under.another({ imageEndpointOverride: `${front.url}/v2` })
  await cloud.images.download(at.id, { to: at.to })
  expect(await at.isWhole()).toBe(true)
  const ranges = front.requests.filter((each) => each.path.endsWith('/file')).map((each) => each.headers['range'])
  expect(ranges).toEqual([undefined, `bytes=${middle}-${size - 1}`, undefined])
})

test('D3: a store that refuses ranges is asked for the whole again, and never for a part in this session', async () => {
  const refused: Fault = { type: 'status', status: 400, body: 'Range requests are not supported' }
  await using at = await scene([
    { match: { ...whole, nth: 1 }, fault: cut },
    { match: part, fault: refused },
    { match: { ...whole, nth: 2 }, fault: cut },
  ])
  await at.download()
  expect(await at.isWhole()).toBe(true)
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`, 'whole', 'whole'])

  await at.download({ overwrite: true, concurrency: 4 })
  expect(at.ranges()).toHaveLength(5)
  expect(at.ranges().at(-1)).toBe('whole')
})

test('D3: that a store refuses ranges is known to the next process too', async () => {
  await using at = await scene([
    { match: part, fault: { type: 'status', status: 400 } },
    { match: { ...whole, nth: 1, count: 4 }, fault: cut },
  ])
  await failure(at.download())
  expect(await at.files()).toEqual(unfinished)
  const before = at.ranges().length
  const another = await at.under.another()
  expect(await another.images.download(at.id, { to: at.to })).toMatchObject({ resumedBytes: 0, verdict: 'verified' })
  expect(at.ranges().slice(before)).toEqual(['whole'])
})

test('D3: without ranges the attempts are bounded, however much each brings', async () => {
  await using at = await scene([
    { match: part, fault: { type: 'status', status: 400 } },
    { match: whole, fault: { type: 'reset', afterResponseBytes: size - 1 } },
  ])
  expect(await failure(at.download())).toMatchObject({ name: 'ConnectionError' })
  expect(at.ranges().filter((each) => each === 'whole').length).toBeLessThanOrEqual(5)
})

test('D4: a part that is whole already is verified and finished without a request for data', async () => {
  await using at = await scene(once(cut))
  const target = await failure(at.download({ retries: 0 }))
  expect(target).toMatchObject({ name: 'ConnectionError' })
  await appendFile(`${at.to}.part`, at.data.subarray(middle))
  expect(await at.download()).toMatchObject({ resumedBytes: size, verdict: 'verified' })
  expect(at.ranges()).toEqual(['whole'])
})

test('D4: 416 for a part that there should be is followed by the whole', async () => {
  await using at = await scene([
    { match: { ...whole, nth: 1 }, fault: cut },
    { match: part, fault: { type: 'status', status: 416 } },
  ])
  await at.download()
  expect(await at.isWhole()).toBe(true)
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`, 'whole'])
})

test.each([
  ['none', null],
  ['another part', `bytes 0-${size - 1}/${size}`],
  ['another size', `bytes ${middle}-${size - 1}/${size + 1}`],
  ['nonsense', 'bytes */*'],
])('D5: a 206 whose Content-Range is %s is not used', async (_what, range) => {
  await using at = await scene([
    { match: { ...whole, nth: 1 }, fault: cut },
    { match: part, fault: { type: 'headers', headers: { 'content-range': range } } },
  ])
  await at.download()
  expect(await at.isWhole()).toBe(true)
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`, 'whole'])
})

test('D12: a token that has expired between attempts is renewed, and the range asked for again', async () => {
  await using at = await scene([
    { match: { ...whole, nth: 1 }, fault: cut },
    { match: { ...part, nth: 1 }, fault: { type: 'status', status: 401 } },
  ])
  await at.download()
  expect(await at.isWhole()).toBe(true)
  expect(at.ranges()).toEqual(['whole', `${middle}-${size - 1}`, `${middle}-${size - 1}`])
  const tokens = at.under.identity.requests.filter((each) => each.method === 'POST')
  expect(tokens).toHaveLength(2)
})

test('D1: with resume off, each attempt begins at the first byte, and nothing is left', async () => {
  await using at = await scene([
    { match: { ...file, nth: 1 }, fault: cut },
    { match: { ...file, nth: 3 }, fault: { type: 'status', status: 404 } },
  ])
  await at.download({ resume: false })
  expect(at.ranges()).toEqual(['whole', 'whole'])
  expect(await failure(at.download({ resume: false, overwrite: true }))).toMatchObject({ status: 404 })
  expect(await at.files()).toEqual(['d.raw'])
  expect((await stat(at.to)).size).toBe(size)
})
