import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Fault } from '@tyrax/server'
import { program } from '../command/tyrax.js'
import { faultyCloud, type FaultyPlans, someData } from './faulty-cloud.js'

const { data } = someData(3_000_000)
/** More than the client buffers before it writes. */
const { data: large } = someData(12_000_000)

/**
 * A cloud with an object `c/u`, an image `there` and the file `u.raw`, and `tyrax` in a process of its own that uses
 * it.
 */
async function scene(plans: FaultyPlans, bytes: Buffer = data) {
  const under = await faultyCloud(plans)
  await under.direct.objects.createContainer('c')
  await under.direct.objects.put('c', 'u', bytes)
  await under.direct.images.create({ name: 'there', diskFormat: 'raw', data: bytes })
  await writeFile(path.join(under.folder, 'u.raw'), data)
  await writeFile(path.join(under.folder, 'u.raw.gz'), gzipSync(data))
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: under.folder,
    OS_AUTH_URL: under.identity.url,
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'secret',
    OS_PROJECT_NAME: 'demo',
    OS_IMAGE_ENDPOINT_OVERRIDE: `${under.image.url}/v2`,
    OS_OBJECT_STORE_ENDPOINT_OVERRIDE: `${under.objectStore.url}/v1/AUTH_%(project_id)s`,
  }
  /** @param shell a script that runs "$0" "$@" in its own way; `directly`: argv is the whole command */
  const tyrax = (argv: readonly string[], shell?: readonly [string, string] | 'directly') => {
    const within = shell === undefined || shell === 'directly' ? [] : [shell[0], '-c', shell[1]]
    const [command, ...given] = shell === 'directly' ? argv : [...within, process.execPath, program, ...argv]
    const child = spawn(command ?? '', given, { env, cwd: under.folder, detached: true, stdio: 'pipe' })
    child.stdin.on('error', () => undefined)
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...output }))
    return { child, ended }
  }
  const names = async () => (await under.direct.images.listAll()).map(({ name, status }) => `${name} ${status}`)
  return {
    under,
    tyrax,
    /** Images, objects and files, except those that were there before. */
    async left() {
      const objects: string[] = []
      for await (const { name } of under.direct.objects.listContainers()) {
        for await (const entry of under.direct.objects.list(name))
          if ('name' in entry) objects.push(`${name}/${entry.name}`)
      }
      const images = (await names()).filter((each) => each !== 'there active')
      const files = (await readdir(under.folder)).filter((file) => !/^(?:u\.raw|\.cache)/.test(file))
      return [...images, ...objects.filter((each) => each !== 'c/u'), ...files.toSorted()]
    },
    names,
    [Symbol.asyncDispose]: () => under[Symbol.asyncDispose](),
  }
}

type Scene = Awaited<ReturnType<typeof scene>>

const sending: Fault = { type: 'stall', afterRequestBytes: 100_000 }
const silent: Fault = { type: 'stall', afterResponseBytes: 'none' }
const receiving: Fault = { type: 'stall', afterResponseBytes: 9_000_000 }
const putFile = { method: 'PUT', path: '/file$' } as const
const upload = (fault: Fault): FaultyPlans => ({ image: [{ match: putFile, fault }] })
const segment = { method: 'PUT', path: '/c_segments/.*00000002$' } as const

/** Whether a request has reached the service, and some of its body if it is a PUT. */
const asked = (service: 'image' | 'objectStore', method: string, pattern: RegExp) => (at: Scene) =>
  at.under[service].requests.some((each) => {
    return each.method === method && pattern.test(each.path) && (method !== 'PUT' || each.bodyBytes > 0)
  })
const isSending = asked('image', 'PUT', /\/file$/)
const has = (name: string) => async (at: Scene) => (await at.names()).includes(name)

const create = ['create', 'new', '--disk-format', 'raw', '--file']
const put = ['object', 'put', 'c/new', '--file']
const inSegments = ['--segment-size', '1M', '--concurrency', '1']

/**
 * The phases of commands: the faults that hold the command up, its command line, and how the test detects the phase.
 */
const phases: readonly (readonly [
  string,
  FaultyPlans,
  readonly string[],
  (at: Scene) => boolean | Promise<boolean>,
])[] = [
  [
    'a record is made',
    { image: [{ match: { method: 'POST', path: '/images$' }, fault: silent }] },
    [...create, 'u.raw'],
    has('new queued'),
  ],
  ['a file is sent', upload(sending), [...create, 'u.raw'], isSending],
  ['a file is decompressed', upload(sending), [...create, 'u.raw.gz'], isSending],
  ['a pipe is sent', upload(sending), [...create, '-'], isSending],
  ['a URL that is silent is sent', {}, [...create, 'URL'], isSending],
  ['an object is sent', upload(sending), ['create', 'new', '--disk-format', 'raw', '--object', 'c/u'], isSending],
  ['all is sent and the answer is waited for', upload(silent), [...create, 'u.raw'], has('new active')],
  [
    'the image is looked at',
    { image: [{ match: { method: 'GET', path: '/images/[^/?]+$' }, fault: silent }] },
    [...create, 'u.raw'],
    asked('image', 'GET', /\/images\/[^/?]+$/),
  ],
  [
    'an object is stored',
    { objectStore: [{ match: { method: 'PUT', path: '/c/new$' }, fault: sending }] },
    [...put, 'u.raw'],
    asked('objectStore', 'PUT', /\/c\/new$/),
  ],
  [
    'an object is stored in segments',
    { objectStore: [{ match: segment, fault: sending }] },
    [...put, 'u.raw', ...inSegments],
    asked('objectStore', 'PUT', /_segments\/.*2$/),
  ],
  [
    'a pipe is stored in segments',
    { objectStore: [{ match: segment, fault: sending }] },
    [...put, '-', ...inSegments],
    asked('objectStore', 'PUT', /_segments\/.*2$/),
  ],
  [
    'the first byte of a download is waited for',
    { image: [{ match: { method: 'GET', path: '/file$' }, fault: silent }] },
    ['download', 'there', '-o', 'got'],
    asked('image', 'GET', /\/file$/),
  ],
]

/** Runs a command until it reaches the phase in which to stop it. */
async function stoppable(at: Scene, argv: readonly string[], isThere: (at: Scene) => boolean | Promise<boolean>) {
  await using address = await silentAddress()
  const running = at.tyrax(argv.map((word) => (word === 'URL' ? address.url : word)))
  if (argv.includes('-')) running.child.stdin.write(data.subarray(0, 2_700_000))
  await expect.poll(() => isThere(at)).toBe(true)
  return running
}

/** An address whose server falls silent in the middle of a response. */
async function silentAddress() {
  const headers = { etag: '"1"' }
  const server = createServer((incoming, outgoing) => {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? '') ?? []
    if (from === undefined) {
      const whole = { ...headers, 'content-length': data.byteLength }
      outgoing.writeHead(200, whole).write(data.subarray(0, 2_000_000))
      return
    }
    const end = to ? Number(to) : data.byteLength - 1
    const range = { ...headers, 'content-range': `bytes ${from}-${end}/${data.byteLength}` }
    outgoing.writeHead(206, range).end(data.subarray(Number(from), end + 1))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/u.raw`,
    async [Symbol.asyncDispose]() {
      // Its connections stay open until the test ends.
      server.close()
      server.unref()
    },
  }
}

test.each(phases)('U18: a hang-up while %s leaves nothing, and says so', async (_what, plans, argv, isThere) => {
  await using at = await scene(plans)
  const { child, ended } = await stoppable(at, argv, isThere)
  child.kill('SIGHUP')
  const { code, stderr } = await ended
  expect({ code, stderr }).toMatchObject({
    code: 129,
    stderr: expect.stringMatching(/^error: stopped by SIGHUP, .*gone$/m),
  })
  expect(stderr).toMatch(/^hint: .*(?:removed|nothing)/m)
  expect(stderr).toMatch(/^again: tyrax /m)
  await expect.poll(() => at.left()).toEqual([])
})

const downloads: readonly (readonly [string, FaultyPlans, readonly string[], (at: Scene) => boolean])[] = [
  [
    'download',
    { image: [{ match: { method: 'GET', path: '/file$', nth: 1 }, fault: receiving }] },
    ['download', 'there', '-o', 'got'],
    asked('image', 'GET', /\/file$/),
  ],
  [
    'object get',
    { objectStore: [{ match: { method: 'GET', path: '/c/u$', nth: 1 }, fault: receiving }] },
    ['object', 'get', 'c/u', '-o', 'got'],
    asked('objectStore', 'GET', /\/c\/u$/),
  ],
]

test.each(
  downloads.flatMap((each) =>
    (
      [
        ['SIGHUP', 129],
        ['SIGINT', 130],
        ['SIGTERM', 143],
      ] as const
    ).map((signal) => [...signal, ...each] as const),
  ),
)(
  'D23: %s (%d) during %s keeps what came, says how to go on, and the next run does',
  async (signal, code, _what, plans, argv, isThere) => {
    await using at = await scene(plans, large)
    const { child, ended } = await stoppable(at, argv, isThere)
    const size = async () =>
      (await readFile(path.join(at.under.folder, 'got.part')).catch(() => Buffer.alloc(0))).byteLength
    await expect.poll(size).toBeGreaterThan(0)
    child.kill(signal)
    const stopped = await ended
    expect(stopped).toMatchObject({ code, stdout: '' })
    expect(stopped.stderr).toMatch(RegExp(`^error: stopped by ${signal}`, 'm'))
    expect(stopped.stderr).toMatch(/^hint: .*got\.part keeps \d+ of 12000000 bytes: run the same/m)
    expect(stopped.stderr).toMatch(RegExp(`^again: tyrax ${argv.join(' ')}$`, 'm'))
    expect(await at.left()).toEqual(['got.part', 'got.part.json'])
    const again = await at.tyrax([...argv, '-f', 'value', '-c', 'verdict']).ended
    expect(again).toMatchObject({ code: 0, stdout: 'verified\n' })
    expect((await readFile(path.join(at.under.folder, 'got'))).equals(large)).toBe(true)
    expect(at.under[argv[0] === 'object' ? 'objectStore' : 'image'].requests.at(-1)?.headers['range']).toMatch(
      /^bytes=\d+-/,
    )
  },
)

test('U18: a hang-up that comes twice, as from a terminal and its shell, is one', async () => {
  await using at = await scene(upload(sending))
  const { child, ended } = await stoppable(at, [...create, 'u.raw'], isSending)
  child.kill('SIGHUP')
  child.kill('SIGHUP')
  expect(await ended).toMatchObject({ code: 129 })
  await expect.poll(() => at.left()).toEqual([])
})

test('U18: another signal after a hang-up ends at once', async () => {
  const held: Fault = { type: 'stall', afterResponseBytes: 'none' }
  await using at = await scene({
    image: [...(upload(sending).image ?? []), { match: { method: 'DELETE' }, fault: held }],
  })
  const { child, ended } = await stoppable(at, [...create, 'u.raw'], isSending)
  child.kill('SIGHUP')
  await expect.poll(() => asked('image', 'DELETE', /./)(at)).toBe(true)
  child.kill('SIGTERM')
  const { code, stderr } = await ended
  expect(code).toBe(143)
  expect(stderr).not.toContain('stopped')
})

test('U18: with its output closed it cleans up all the same', async () => {
  await using at = await scene(upload(sending))
  const { child, ended } = await stoppable(at, [...create, 'u.raw', '--progress', 'json'], isSending)
  child.stdout.destroy()
  child.stderr.destroy()
  child.kill('SIGHUP')
  expect(await ended).toMatchObject({ code: 129 })
  await expect.poll(() => at.left()).toEqual([])
})

test('U18: a terminal that is gone neither stops the clean-up nor changes the exit code', async () => {
  await using at = await scene(upload(sending))
  // The shell in between outlives the terminal, in order to record how the command ended.
  const script = ['trap : HUP', `"${process.execPath}" "${program}" ${create.join(' ')} u.raw`, 'echo $? > code'].join(
    '; ',
  )
  const { child, ended } = at.tyrax(['script', '-qec', `sh -c '${script}'; true`, '/dev/null'], 'directly')
  await expect.poll(() => isSending(at)).toBe(true)
  child.kill('SIGKILL')
  await ended
  const code = () => readFile(path.join(at.under.folder, 'code'), 'utf8').catch(() => '')
  await expect.poll(code).toBe('129\n')
  expect(await at.left()).toEqual(['code'])
})

test('U18: a stopped upload to an image that was there leaves it queued, and says so', async () => {
  await using at = await scene({})
  const { id } = await at.under.direct.images.create({ name: 'mine', diskFormat: 'raw' })
  const { child, ended } = await stoppable(at, ['upload', 'mine', '--file', '-', '-f', 'json'], isSending)
  child.kill('SIGTERM')
  const { code, stderr } = await ended
  expect(code).toBe(143)
  expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
    error: {
      code: 'terminated',
      hint: expect.stringContaining(`the image ${id} is kept, without data: upload to it again`),
      again: 'tyrax upload mine --file - -f json',
    },
  })
  await expect.poll(() => at.left()).toEqual(['mine queued'])
})

test.each([
  ['nohup', ['bash', 'nohup "$0" "$@"; true']],
  ['a shell that ignores it', ['sh', 'trap "" HUP; "$0" "$@"; true']],
] as const)('U18: a hang-up under %s ends nothing', async (_what, shell) => {
  await using at = await scene({})
  const { child, ended } = at.tyrax([...create, '-', '-f', 'json'], shell)
  child.stdin.write(data.subarray(0, 1_000_000))
  await expect.poll(() => isSending(at)).toBe(true)
  process.kill(-(child.pid ?? 0), 'SIGHUP')
  child.stdin.end(data.subarray(1_000_000))
  expect((await ended).stdout).toContain('"verdict": "verified"')
  expect(await at.left()).toEqual(['new active'])
})
