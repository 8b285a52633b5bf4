import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomDisk, runCommand, startFaultServer } from '@tyrax/testkit'
import { type Cloud, connect } from '@tyrax/sdk'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'

/** Copies on the real Glance and Swift, from one project to another. */

const { authUrl, imageUrl, cloudsYaml, clouds } = inject('openstack')
const program = fileURLToPath(new URL('../../cli/bin/tyrax.js', import.meta.url))
const run = randomUUID().slice(0, 8)
const data = randomDisk(20 * 1024 * 1024 + 3)
const sha512 = createHash('sha512').update(data).digest('hex')
const container = `copy-${run}`
let demo: Cloud
let alt: Cloud
let folder: string

function login(name: 'demo' | 'alt', imageEndpointOverride?: string): Promise<Cloud> {
  const { username, password, projectName } = clouds[name]
  return connect({ auth: { authUrl, username, password, projectName }, imageEndpointOverride, retry: { delayMs: 50 } })
}

beforeAll(async () => {
  demo = await login('demo')
  alt = await login('alt')
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-copy-live-'))
  await demo.objects.createContainer(container)
})
afterEach(async () => {
  for (const cloud of [demo, alt]) {
    for (const image of await cloud.images.findAll({ tags: [run], owner: cloud.projectId })) {
      await cloud.images.update(image, { protected: false })
      await cloud.images.delete(image)
    }
  }
})
afterAll(async () => {
  for await (const entry of demo.objects.list(container)) {
    if ('name' in entry) await demo.objects.delete(container, entry.name)
  }
  await demo.objects.deleteContainer(container)
  await demo.close()
  await alt.close()
  await rm(folder, { recursive: true, force: true })
})

const original = () =>
  demo.images.create({
    name: `copy ${run}`,
    diskFormat: 'raw',
    minDisk: 1,
    tags: [run, 'lts'],
    protected: true,
    properties: { os_distro: 'debian' },
    data,
  })

/** The program on these clouds, with what it prints as JSON. */
async function tyrax(...args: string[]): Promise<unknown> {
  const env = { PATH: process.env['PATH'], HOME: folder, OS_CLIENT_CONFIG_FILE: cloudsYaml, OS_CLOUD: 'demo' }
  return JSON.parse(await runCommand(process.execPath, [program, ...args, '-f', 'json'], { cwd: folder, env }))
}

test('an image is copied to another project as it is, and only once', async () => {
  const source = await original()
  const copy = await demo.images.copy(source, { to: alt, via: 'client' })
  expect(copy).toMatchObject({ outcome: 'copied', via: 'client', verdict: 'verified', bytes: data.length })
  expect(await alt.images.get(copy.image)).toMatchObject({
    owner: alt.projectId,
    status: 'active',
    visibility: 'private',
    size: data.length,
    osHashValue: sha512,
    minDisk: 1,
    protected: true,
    tags: expect.arrayContaining([run, 'lts']),
    properties: { os_distro: 'debian' },
  })
  expect(await demo.images.copy(source, { to: alt })).toMatchObject({
    outcome: 'unchanged',
    image: { id: copy.image.id },
  })
  const other = await demo.images.copy(source, { name: `other ${run}`, protected: false })
  expect(other).toMatchObject({ outcome: 'copied', verdict: 'verified', image: { name: `other ${run}` } })
})

test('an object becomes an image of another project, an image becomes an object, and both the same file', async () => {
  await demo.objects.put(container, 'debian.raw', data)
  const to = `alt:object ${run}`
  const image = await tyrax('copy', `demo:swift:${container}/debian.raw`, to, '--disk-format', 'raw', '--tag', run)
  expect(image).toMatchObject({ outcome: 'copied', bytes: data.length, verdict: 'verified' })
  const back = await tyrax('copy', to, `demo:swift:${container}/back.raw`)
  expect(back).toMatchObject({ outcome: 'copied', bytes: data.length })
  expect(await tyrax('copy', to, 'file:back.raw')).toMatchObject({ outcome: 'copied', verdict: 'verified' })
  expect(await tyrax('copy', `swift:${container}/back.raw`, 'file:object.raw')).toMatchObject({ bytes: data.length })
  expect((await readFile(path.join(folder, 'back.raw'))).equals(data)).toBe(true)
  expect((await readFile(path.join(folder, 'object.raw'))).equals(data)).toBe(true)
})

const half = 9_000_000

test('a copy whose source breaks off goes on after the last byte, and one whose destination does starts over', async () => {
  const source = await original()
  const endpoint = new URL(imageUrl)
  const faults = await startFaultServer({
    upstream: endpoint.origin,
    plan: [
      { match: { method: 'GET', path: '/file', nth: 1 }, fault: { type: 'reset', afterResponseBytes: half } },
      { match: { method: 'PUT', path: '/file', nth: 1 }, fault: { type: 'reset', afterRequestBytes: half } },
    ],
  })
  const from = await login('demo', `${faults.url}${endpoint.pathname}`)
  const to = await login('alt', `${faults.url}${endpoint.pathname}`)
  const reads = () =>
    faults.requests
      .filter(({ method, path: of }) => method === 'GET' && of.endsWith('/file'))
      .map(({ headers }) => headers['range'])
  try {
    const read = await from.images.copy(source, { to: alt, via: 'client' })
    expect(read).toMatchObject({ verdict: 'verified', image: { osHashValue: sha512 } })
    expect(reads()).toEqual([undefined, expect.stringMatching(`-${data.length - 1}$`)])
    const sent = await demo.images.copy(source, { to, via: 'client', allowDuplicate: true })
    expect(sent).toMatchObject({ verdict: 'verified', image: { osHashValue: sha512 } })
    expect(faults.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2)
    expect(await alt.images.findAll({ tags: [run], owner: alt.projectId })).toHaveLength(2)
  } finally {
    await from.close()
    await to.close()
    await faults.close()
  }
})
