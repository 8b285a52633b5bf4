import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, type Cloud } from '@tyrax/sdk'
import { type EmbeddedCloud, startCloud } from '@tyrax/server'
import { randomDisk, startFaultServer } from '@tyrax/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../../../cli/bin/tyrax.js', import.meta.url))
const bytes = 20_000_000

let server: EmbeddedCloud
let cloud: Cloud
let folder: string

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  const auth = { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  cloud = await connect({ auth })
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-ensure-'))
})
afterAll(async () => {
  await cloud.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => writeFile(path.join(folder, 'disk.raw'), randomDisk(bytes)))

const all = async () => [...(await cloud.images.listAll()), ...(await cloud.images.listAll({ osHidden: true }))]

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

/** The command line in a process of its own. */
function tyrax(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      OS_AUTH_URL: server.authUrl,
      OS_USERNAME: 'demo',
      OS_PASSWORD: 'secret',
      OS_PROJECT_NAME: 'demo',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...text })) }
}

const ensure = (name: string) => ['ensure', name, '--file', 'disk.raw', '--disk-format', 'raw', '-f', 'json']
const idIn = ({ stdout }: { readonly stdout: string }) => (JSON.parse(stdout) as { id: string }).id

/** Nothing but complete images of these ids is there, and `gc` finds nothing to do. */
async function expectOnly(ids: readonly string[]): Promise<void> {
  const images = await all()
  expect(
    images.map(({ id, status, osHidden, properties, size }) => ({ id, status, osHidden, properties, size })),
  ).toEqual(ids.map((id) => ({ id, status: 'active', osHidden: false, properties: {}, size: bytes })))
  const gc = await tyrax(['gc', '--older-than', '0', '-f', 'json', '--folder', folder]).ended
  expect(gc).toMatchObject({ code: 0, stdout: '[]\n' })
  for (const { id } of images) await cloud.images.delete(id)
}

test('U22: four processes that ensure one image make one, and print its id', async () => {
  const runs = await Promise.all(Array.from({ length: 4 }, () => tyrax(ensure('four')).ended))
  expect(runs.map(({ code, stderr }) => ({ code, stderr })).filter(({ code }) => code !== 0)).toEqual([])
  const ids = new Set(runs.map(idIn))
  expect(ids.size).toBe(1)
  expect(runs.filter(({ stdout }) => JSON.parse(stdout).outcome === 'created')).toHaveLength(1)
  await expectOnly([...ids])
})

/**
 * Starts an `ensure` whose data stops on its way, and resolves when it has, in another second than the record was made in:
 * the server's times are in whole seconds, and show that it has begun.
 */
async function stalled(name: string) {
  const stall = { type: 'stall', afterRequestBytes: bytes / 2 } as const
  const front = await startFaultServer({
    upstream: server.imageUrl,
    plan: [{ match: { method: 'PUT', path: '/file$' }, fault: stall }],
  })
  const run = tyrax(ensure(name), { OS_IMAGE_ENDPOINT_OVERRIDE: `${front.url}/v2` })
  await expect.poll(() => front.requests.find(({ method }) => method === 'PUT')?.bodyBytes).toBeGreaterThan(bytes / 4)
  await expect.poll(async () => (await all()).map(({ status }) => status)).toEqual(['saving'])
  const [record] = await all()
  await expect.poll(() => Date.now()).toBeGreaterThan((record?.createdAt.getTime() ?? 0) + 1000)
  return { ...run, front }
}

test('U22: when the process that uploads is killed, one of those that wait for it takes over, and all print its image', async () => {
  const first = await stalled('killed')
  const waiting = Array.from({ length: 3 }, () => tyrax(ensure('killed')))
  first.child.kill('SIGKILL')
  await first.ended
  await first.front.close()
  const runs = await Promise.all(waiting.map(({ ended }) => ended))
  expect(runs.map(({ code, stderr }) => ({ code, stderr })).filter(({ code }) => code !== 0)).toEqual([])
  const ids = new Set(runs.map(idIn))
  expect(ids.size).toBe(1)
  await expectOnly([...ids])
})

test('U22: the record that a killed process leaves is taken over by the next process, or removed by gc', async () => {
  const first = await stalled('left')
  first.child.kill('SIGKILL')
  await first.ended
  await first.front.close()
  await expect.poll(async () => (await all()).map(({ status }) => status)).toEqual(['queued'])
  const [left] = await all()
  const next = await tyrax(ensure('left')).ended
  expect(next).toMatchObject({ code: 0 })
  expect(idIn(next)).toBe(left?.id)
  await expectOnly([idIn(next)])

  const second = await stalled('left')
  second.child.kill('SIGKILL')
  await second.ended
  await second.front.close()
  await expect.poll(async () => (await all()).map(({ status }) => status)).toEqual(['queued'])
  const gc = await tyrax(['gc', '--older-than', '0', '-f', 'json', '--folder', folder]).ended
  expect(gc).toMatchObject({ code: 0 })
  expect(await all()).toEqual([])
})
