import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { connect, type Cloud } from '@tyrax/sdk'
import { startCloud } from '@tyrax/server'
import { program } from '../../command/tyrax.js'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { file, leftOvers, raw } from './scene.js'

/** `tyrax` in a process of its own, against an embedded cloud. */
async function scene() {
  const embedded = await startCloud({ port: 0 })
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-signals-'))
  await writeFile(path.join(home, 'clouds.yaml'), embedded.cloudsYaml, { mode: 0o600 })
  const auth = { authUrl: embedded.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  const cloud = await connect({ auth })
  const source = path.join(home, 'u.raw')
  await using handle = await open(source, 'w')
  await handle.truncate(50_000_000)
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    OS_CLOUD: 'demo',
    OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'),
  }
  const tyrax = (...argv: string[]) => {
    const child = spawn(process.execPath, [program, ...argv], { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, ...output }))
    return { child, ended }
  }
  return {
    cloud,
    tyrax,
    /** Starts an upload that takes minutes, and waits until it is under way. */
    async uploading() {
      const running = tyrax('create', 'u', '--file', source, '--disk-format', 'raw', '--limit-rate', '1M')
      await expect.poll(() => statuses(cloud)).toEqual(['saving'])
      return running
    },
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await embedded.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

const statuses = async (cloud: Cloud) => (await cloud.images.listAll()).map(({ status }) => status)

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('U18: after %s the image is removed, and the exit code is %d', async (signal, code) => {
  await using at = await scene()
  const { child, ended } = await at.uploading()
  child.kill(signal)
  expect(await ended).toMatchObject({ code })
  expect(await statuses(at.cloud)).toEqual([])
})

test('U18: a second SIGINT does not wait for the cleaning up; what it leaves is found by gc', async () => {
  await using at = await scene()
  const { child, ended } = await at.uploading()
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130 })
  await expect.poll(() => statuses(at.cloud)).not.toContain('saving')
  const left = await at.cloud.images.listAll()
  expect((await at.cloud.images.findOrphans({ olderThanMs: 0 })).map(({ id }) => id)).toEqual(left.map(({ id }) => id))
})

test('U18: what SIGKILL leaves is a queued record that gc lists, and removes', async () => {
  await using at = await scene()
  const kept = await at.cloud.images.create({ name: 'on purpose' })
  const running = at.tyrax('create', 'u', '--file', 'u.raw', '--disk-format', 'raw', '--limit-rate', '1M')
  await expect.poll(() => statuses(at.cloud)).toContain('saving')
  running.child.kill('SIGKILL')
  expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
  await expect.poll(() => statuses(at.cloud)).toEqual(['queued', 'queued'])
  const young = await at.tyrax('gc', '-f', 'json').ended
  expect(young).toMatchObject({ code: 0 })
  expect(JSON.parse(young.stdout)).toEqual([])
  const listed = await at.tyrax('gc', '--dry-run', '--older-than', '0', '-f', 'json').ended
  expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'u', status: 'queued' }])
  expect(await at.cloud.images.listAll()).toHaveLength(2)
  expect(await at.tyrax('gc', '--older-than', '0').ended).toMatchObject({ code: 0 })
  expect((await at.cloud.images.listAll()).map(({ id }) => id)).toEqual([kept.id])
})

test('U18: a call that is aborted in the middle leaves nothing', async () => {
  const { data } = someData(3_000_000)
  await using under = await faultyCloud({
    image: [{ match: file, fault: { type: 'stall', afterRequestBytes: 100_000 } }],
  })
  const stop = new AbortController()
  const onProgress = ({ bytes }: { bytes: number }) => {
    if (bytes > 0) stop.abort()
  }
  const error = await failure(under.cloud.images.create({ ...raw, data, signal: stop.signal, onProgress }))
  expect(error).toMatchObject({ name: 'AbortError' })
  await expect.poll(() => leftOvers(under)).toEqual([])
})

test('U18: a record that is to stay whatever happens is never one that gc takes', async () => {
  await using under = await faultyCloud({ image: [{ match: file, fault: { type: 'status', status: 403 } }] })
  const data = new Uint8Array(1000)
  expect(await failure(under.cloud.images.create({ ...raw, data, keepOnFailure: true }))).toMatchObject({ status: 403 })
  expect(await leftOvers(under)).toEqual(['queued'])
  expect(await under.direct.images.findOrphans({ olderThanMs: 0 })).toEqual([])
})
