import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  compressedFixturePath,
  findRuntimes,
  randomDisk,
  type Runtime,
  type RuntimeName,
  startScript,
} from '@tyrax/testkit'

const scenario = fileURLToPath(new URL('../../runtimes/scenario.mjs', import.meta.url))
const tyrax = fileURLToPath(new URL('../../../cli/bin/tyrax.js', import.meta.url))
const size = 100_000_000

let runtimes: Readonly<Record<RuntimeName, Runtime>>
let server: EmbeddedCloud
let folder: string
let file: string
beforeAll(async () => {
  runtimes = await findRuntimes()
  server = await startCloud({ port: 0 })
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-runtimes-'))
  file = path.join(folder, 'random.raw')
  await writeFile(file, randomDisk(size))
  await writeFile(path.join(folder, 'clouds.yaml'), server.cloudsYaml)
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

describe.each(['node', 'bun', 'deno'] as const)('%s', (name) => {
  const start = (script: readonly string[], env: Readonly<Record<string, string>> = { OS_CLOUD: 'demo' }) =>
    startScript(runtimes[name], script, { env, cwd: folder })

  async function run(what: string, input: object): Promise<unknown> {
    const { exitCode, stdout, stderr } = await start([scenario, what, JSON.stringify(input)]).ended
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    return JSON.parse(stdout) as unknown
  }

  test('100 MB go up, are listed, come back the same, and the process ends by itself', async () => {
    const to = path.join(folder, `${name}.raw`)
    expect(await run('transfer', { file, to })).toEqual({
      verdicts: ['verified', 'verified'],
      listed: [true],
      isSame: true,
    })
    await rm(to)
  })

  test('a download that is given up goes on from what it left', async () => {
    const to = path.join(folder, `${name}-parts.raw`)
    expect(await run('goOn', { file, to })).toEqual({
      first: 'AbortError',
      verdict: 'verified',
      isResumed: true,
      isSame: true,
    })
    await rm(to)
  })

  test('what is compressed is decompressed beside the rest', async () => {
    const files = ['disk.gz', 'disk.xz', 'disk.zst', 'disk.bz2'].map(compressedFixturePath)
    const bytes = gunzipSync(await readFile(compressedFixturePath('disk.gz'))).byteLength
    expect(await run('unpack', { files })).toEqual(files.map(() => `${bytes} verified`))
  })

  test('an upload that is given up ends at once and leaves nothing', async () => {
    expect(await run('abandon', {})).toEqual({ name: 'AbortError', left: 0 })
  })

  test('the command line makes, lists and fetches an image', async () => {
    const image = `cli-${name}`
    const to = path.join(folder, `${image}.raw`)
    const made = await start([tyrax, 'create', image, '--file', file, '--disk-format', 'raw', '-f', 'id']).ended
    expect(made.exitCode, made.stderr).toBe(0)
    const listed = await start([tyrax, 'list', '-f', 'json']).ended
    expect(JSON.parse(listed.stdout)).toMatchObject([{ id: made.stdout.trim(), name: image, status: 'active', size }])
    expect((await start([tyrax, 'download', image, '--output', to]).ended).exitCode).toBe(0)
    expect((await readFile(to)).equals(await readFile(file))).toBe(true)
    expect((await start([tyrax, 'rm', image]).ended).exitCode).toBe(0)
    await rm(to)
  })

  test('Ctrl-C ends the command line with 130 and leaves no record', async () => {
    const image = `interrupted-${name}`
    const script = [tyrax, 'create', image, '--file', file, '--disk-format', 'raw', '--limit-rate', '1M']
    const running = start([...script, '--progress', 'json'])
    await running.said(/"upload","bytes":[1-9]/)
    running.kill('SIGINT')
    expect((await running.ended).exitCode).toBe(130)
    const listed = await start([tyrax, 'list', '-f', 'json']).ended
    expect(JSON.parse(listed.stdout)).toEqual([])
  })
})

test('the embedded cloud refuses Bun in one line, before there is any of it', async () => {
  const home = await mkdtemp(path.join(folder, 'home-'))
  for (const script of [['list'], ['serve', '--port', '0']]) {
    const env = { OS_CLOUD: 'embedded', XDG_DATA_HOME: home }
    const { exitCode, stderr } = await startScript(runtimes.bun, [tyrax, ...script], { env, cwd: home }).ended
    expect(exitCode).toBe(1)
    expect(stderr).toContain('error: The embedded cloud runs on Node and Deno, and this is Bun')
    expect((await readdir(home, { recursive: true })).filter((each) => /tyrax-data|sqlite/.test(each))).toEqual([])
  }
})
