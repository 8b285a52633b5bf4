import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { FaultPlan } from '@tyrax/server'
import { randomDisk } from '@tyrax/testkit'
import type { RunOptions } from '../testing/command-line.js'
import { twoClouds } from '../testing/two-clouds.js'

let clouds: Awaited<ReturnType<typeof twoClouds>>

/** Images here, to be copied to a cloud with these faults. */
async function begin(faults: FaultPlan = []) {
  clouds = await twoClouds({}, faults)
  for (const name of ['one', 'two', 'three']) {
    await writeFile(path.join(clouds.home, name), randomDisk(200_000))
    await tyrax(`create ${name} --file ${name} --disk-format raw`)
  }
}
afterEach(() => clouds[Symbol.asyncDispose]())

const tyrax = (line: string, options: RunOptions = {}) => clouds.tyrax(line.split(' '), options)
const json = (line: string) => clouds.json(...line.split(' '))
/** The names and statuses of the destination's images, hidden ones included. */
const there = async () => {
  const lists = await Promise.all(['', ' --hidden'].map((more) => json(`--os-cloud there list${more}`)))
  return (lists.flat() as { name: string; status: string }[]).map(({ name, status }) => `${name} ${status}`)
}

/** Addresses whose responses wait until that number of them have been requested and not been sent. */
async function addresses(together: number) {
  let waiting: ServerResponse[] = []
  let open = 0
  let most = 0
  const server = createServer((_incoming, outgoing) => {
    open += 1
    most = Math.max(most, open)
    outgoing.on('finish', () => (open -= 1))
    waiting.push(outgoing)
    if (waiting.length < together) return
    for (const each of waiting) each.end(randomDisk(100_000))
    waiting = []
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    of: (names: readonly string[]) => names.map((name) => `http://127.0.0.1:${port}/${name}`).join(' '),
    most: () => most,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test.each([1, 2, 8])('--concurrency %d copies that number at once, and no more', async (concurrency) => {
  await begin()
  await using server = await addresses(concurrency)
  const names = 'abcdefgh'.split('')
  const leak: string[] = []
  const onWarning = ({ name }: Error) => leak.push(name)
  process.on('warning', onWarning)
  const copied = await json(`copy ${server.of(names)} there: --disk-format raw --concurrency ${concurrency}`)
  process.off('warning', onWarning)
  expect(leak).toEqual([])
  expect(copied).toMatchObject(names.map((name) => ({ name, outcome: 'copied', bytes: 100_000, verdict: 'verified' })))
  expect(server.most()).toBe(concurrency)
  expect((await there()).toSorted()).toEqual(names.map((name) => `${name} active`))
})

test('what fails stops nothing else: exit code 9, or its own when all fail', async () => {
  await begin()
  const some = await tyrax('copy one missing three there: -f json')
  expect(some.exitCode).toBe(9)
  expect(JSON.parse(some.stdout)).toMatchObject([
    { source: 'one', outcome: 'copied', verdict: 'verified' },
    { source: 'missing', outcome: 'failed', error: { code: 'not_found', message: expect.stringContaining('missing') } },
    { source: 'three', outcome: 'copied' },
  ])
  expect(some.stderr).toContain('missing')
  expect((await there()).toSorted()).toEqual(['one active', 'three active'])
  const none = await tyrax('copy missing nothing there:')
  expect(none).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/missing[^]*nothing|nothing[^]*missing/) })
  const again = await tyrax('copy one missing three there: -f json')
  expect(again.exitCode).toBe(9)
  expect(JSON.parse(again.stdout)).toMatchObject([
    { outcome: 'unchanged' },
    { outcome: 'failed' },
    { outcome: 'unchanged' },
  ])
})

/** The upload with this number, or each of them, never comes to its end. */
const stalled = (nth?: number): FaultPlan => [
  { match: { method: 'PUT', path: '/file$', nth }, fault: { type: 'stall', afterRequestBytes: 100_000 } },
]

/** Ctrl-C while images of these names are being sent. */
async function interrupted(line: string, ...names: string[]) {
  const controller = new AbortController()
  const running = tyrax(line, { signal: controller.signal })
  const isThere = async () => (await there()).map((each) => each.split(' ')[0])
  await expect.poll(isThere, { timeout: 30_000 }).toEqual(expect.arrayContaining(names))
  controller.abort('SIGINT')
  return running
}

test('Ctrl-C leaves nothing of a copy behind, and the command that makes it is printed', async () => {
  await begin(stalled())
  const { exitCode, stdout, stderr } = await interrupted('copy one there:', 'one')
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' })
  expect(stderr).toMatch(/stopped by SIGINT/)
  expect(stderr).toMatch(/the image [-0-9a-f]{36} was removed, and nothing of it is left/)
  expect(stderr).toContain('tyrax copy one there:')
  expect(await there()).toEqual([])
})

test('Ctrl-C during several copies keeps those that are complete, and the same command goes on', async () => {
  await begin(stalled(2))
  await tyrax('copy one there:')
  const { exitCode, stderr } = await interrupted('copy one two three there: --concurrency 1', 'two')
  expect(exitCode).toBe(130)
  expect(stderr).toMatch(/the image [-0-9a-f]{36} was removed[^]*1 of 3 were copied: the same command goes on/)
  expect(stderr).toContain('tyrax copy one two three there: --concurrency 1')
  expect(await there()).toEqual(['one active'])
  expect(await json('copy one two three there: --concurrency 1')).toMatchObject([
    { outcome: 'unchanged' },
    { outcome: 'copied', verdict: 'verified' },
    { outcome: 'copied', verdict: 'verified' },
  ])
})

test('Ctrl-C says what became of each copy that was under way, whatever failed before', async () => {
  await begin(stalled())
  const { exitCode, stderr } = await interrupted('copy missing two there: --concurrency 1 --allow-duplicate', 'two')
  expect(exitCode).toBe(130)
  expect(stderr).toMatch(/the image [-0-9a-f]{36} was removed[^]*0 of 2 were copied: leave them out next time/)
  const both = await interrupted('copy two three there: --concurrency 2', 'two', 'three')
  expect(both.exitCode).toBe(130)
  expect(both.stderr.match(/the image [-0-9a-f]{36} was removed/g)).toHaveLength(2)
  expect(await there()).toEqual([])
})

test.each([
  ['the destination', 'copy one locked:', 'the cloud locked'],
  ['the source', 'copy locked:one there:', 'the cloud locked'],
  ['the source, which is the current cloud', '--os-cloud locked copy one there:', 'locked'],
])('a wrong login of %s is an error that names the cloud, before anything is done', async (_which, line, name) => {
  await begin()
  const { exitCode, stdout, stderr } = await tyrax(line)
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
  expect(stderr.split('\n')[0]).toContain(name)
  expect(stderr).toMatch(/hint: the user, the password/)
  expect(await there()).toEqual([])
})

test('when both logins are wrong, both are named', async () => {
  await begin()
  const { exitCode, stderr } = await tyrax('copy locked:one shut:')
  expect(exitCode).toBe(4)
  expect(stderr).toContain('the cloud locked')
  expect(stderr).toContain('the cloud shut')
})

test('of several copies, those with a wrong login fail alone', async () => {
  await begin()
  const { exitCode, stdout } = await tyrax('copy locked:one two there: -f json')
  expect(exitCode).toBe(9)
  expect(JSON.parse(stdout)).toMatchObject([
    { outcome: 'failed', error: { code: 'auth', message: expect.stringContaining('the cloud locked') } },
    { outcome: 'copied' },
  ])
  expect(await there()).toEqual(['two active'])
})
