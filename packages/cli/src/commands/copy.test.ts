import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { twoClouds } from '../testing/two-clouds.js'

let clouds: Awaited<ReturnType<typeof twoClouds>>
const data = randomDisk(200_000)

beforeAll(async () => {
  clouds = await twoClouds()
  await writeFile(path.join(clouds.home, 'data.raw'), data)
  await tyrax('create debian --file data.raw --disk-format raw --tag lts --property os_distro=debian --protected')
  await tyrax('object container create c')
  await tyrax('--os-cloud there object container create c')
})
afterAll(() => clouds[Symbol.asyncDispose]())

const tyrax = (line: string, stdin?: Buffer) => clouds.tyrax(line.split(' '), stdin ? { stdin } : {})
const json = (line: string) => clouds.json(...line.split(' '))

test('an image goes to another cloud with its properties, and the second time nothing is sent', async () => {
  const copied = await json('copy debian there:')
  expect(copied).toMatchObject({
    source: 'debian',
    destination: 'there:',
    outcome: 'copied',
    name: 'debian',
    bytes: data.length,
    via: 'client',
    verdict: 'verified',
  })
  expect(await json('--os-cloud there show debian')).toMatchObject({
    tags: ['lts'],
    visibility: 'private',
    protected: true,
    properties: { os_distro: 'debian' },
  })
  expect(await json('copy here:debian there:debian')).toMatchObject({ outcome: 'unchanged', bytes: 0 })
})

test('every kind of source reaches every kind of destination with the same bytes', async () => {
  for (const line of [
    'copy debian swift:c/',
    'copy there:debian swift:c/from-there',
    'copy swift:c/debian.raw there:swift:c/o',
    'copy there:swift:c/o there:object --disk-format raw',
    'copy there:object file:out.raw',
    'copy file:out.raw from-file --disk-format raw',
    'copy file:out.raw swift:c/file/',
  ]) {
    expect({ line, ...(await tyrax(line)) }).toMatchObject({ line, exitCode: 0 })
  }
  expect(await readFile(path.join(clouds.home, 'out.raw'))).toEqual(data)
  expect((await tyrax('copy from-file -')).stdoutBytes).toEqual(data)
  expect((await tyrax('copy swift:c/file/out.raw -')).stdoutBytes).toEqual(data)
  expect((await tyrax('copy swift:c/from-there -')).stdoutBytes).toEqual(data)
  const piped = await tyrax('copy - there:piped --disk-format raw', data)
  expect(piped).toMatchObject({ exitCode: 0 })
  expect((await tyrax('copy there:piped -')).stdoutBytes).toEqual(data)
  expect(await json('copy there:piped file:out.raw')).toMatchObject({ outcome: 'unchanged' })
  expect(await json('copy debian swift:c/debian.raw')).toMatchObject({ outcome: 'unchanged' })
})

test('a copy that fails is off the display before the next one begins', async () => {
  const cut = gzipSync(randomDisk(2 ** 20)).subarray(0, 2 ** 19)
  await writeFile(path.join(clouds.home, 'cut.raw.gz'), cut)
  const { exitCode, stderr } = await tyrax(
    'copy file:cut.raw.gz file:data.raw there: --concurrency 1 --progress json -f value',
  )
  expect(exitCode).toBe(9)
  const lines = stderr.trimEnd().split('\n')
  const events = lines.map((line) => JSON.parse(line) as { progress?: { id: number; state: string } })
  const states = events.flatMap(({ progress }) => (progress ? [`${progress.id} ${progress.state}`] : []))
  expect([...new Set(states)]).toEqual(['1 running', '1 stopped', '2 running', '2 done'])
})
