import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Fault, FaultPlan } from '@tyrax/server'
import { bytes, contentOf, scene, type Scene } from './scene.js'

let at: Scene
/** An address that never responds. */
let silentUrl: string
const silent = createServer()

beforeAll(async () => {
  at = await scene()
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/u.raw`
  await at.cloud.images.create({ name: 'there', diskFormat: 'raw', data: Buffer.alloc(bytes, 'x') })
  await at.cloud.images.create({ name: 'empty', diskFormat: 'raw' })
})
afterAll(async () => {
  silent.closeAllConnections()
  silent.close()
  await at.close()
})
beforeEach(async () => {
  for (const file of await readdir(at.folder)) {
    if (/^(?:before|after|code|got)/.test(file)) await rm(path.join(at.folder, file))
  }
})

const stalls = (moment: Omit<Extract<Fault, { type: 'stall' }>, 'type'> = {}): Fault => ({ type: 'stall', ...moment })
const file = { method: 'PUT', path: '/file$' } as const
const create = 'tyrax create new --disk-format raw --file'

interface Phase {
  readonly image?: FaultPlan
  readonly identity?: FaultPlan
  readonly command: string
  /** What is on the screen when the phase is reached; or that the identity service has a request. */
  readonly shows: RegExp | 'a request'
  /** What the command says when it is stopped. */
  readonly says?: readonly RegExp[]
  /** What the command leaves in the folder; on the server it leaves nothing. */
  readonly files?: readonly string[]
}

const phases: Readonly<Record<string, Phase>> = {
  'signing in': {
    identity: [{ match: { method: 'POST' }, fault: stalls() }],
    command: `${create} u.raw`,
    shows: 'a request',
  },
  inspecting: { command: `${create} URL`, shows: /^new +inspect +\d+s$/m },
  uploading: {
    image: [{ match: file, fault: stalls({ afterRequestBytes: 1_000_000 }) }],
    command: `${create} u.raw`,
    shows: /^new +\[[#-]+\] +upload +\d+ % /m,
    says: [/^hint: .*the image [0-9a-f-]{36} was removed, and nothing of it is left/m, /^again: tyrax /m],
  },
  'waiting for the server to store it': {
    image: [{ match: file, fault: stalls({ afterResponseBytes: 'none' }) }],
    command: `${create} u.raw`,
    shows: /^new +server +\d+s$/m,
    says: [/^hint: .*was removed, and nothing of it is left/m, /^again: tyrax /m],
  },
  'waiting for it to become active': {
    image: [{ match: { method: 'GET', path: '/images/[^/?]+$' }, fault: stalls({ afterResponseBytes: 'none' }) }],
    command: `${create} u.raw`,
    shows: /^new +server +\d+s$/m,
    says: [/^hint: .*was removed, and nothing of it is left/m, /^again: tyrax /m],
  },
  downloading: {
    image: [{ match: { method: 'GET', path: '/file$' }, fault: stalls({ afterResponseBytes: 12_000_000 }) }],
    command: 'tyrax download there -o got',
    shows: /^there +\[#+-+\] +download +\d\d % /m,
    says: [/^hint: .*got\.part keeps \d+ of 30720000 bytes: run the same download again to resume/m, /^again: tyrax /m],
    files: ['got.part', 'got.part.json'],
  },
  waiting: {
    command: 'tyrax wait empty',
    shows: /^empty +server +\d+s$/m,
    says: [/^hint: .*the server continues without this command/m, /^again: tyrax /m],
  },
}

/** Runs a phase's command in a terminal until the phase is reached. */
async function reached({ image = [], identity = [], command, shows }: Phase) {
  const broken = await at.behind({ image, identity })
  // The inner shell outlives the terminal, in order to record how the command ended.
  const inner = `trap : INT HUP; stty -g > before; ${command.replace('URL', silentUrl)}; echo $? > code; stty -g > after`
  const terminal = broken.shell(`trap : INT; sh -c '${inner}'; cat code > /dev/null`, { columns: 100 })
  const isReached = async () =>
    shows === 'a request' ? broken.identity.requests.length > 0 : shows.test(await terminal.text())
  await expect.poll(isReached).toBe(true)
  return {
    terminal,
    async [Symbol.asyncDispose]() {
      terminal[Symbol.dispose]()
      await broken[Symbol.asyncDispose]()
    },
  }
}

/** What is left on the server and in the folder, besides what was there before. */
async function left(): Promise<readonly string[]> {
  const images = (await at.cloud.images.listAll()).map(({ name, status }) => `${name} ${status}`)
  const files = (await readdir(at.folder)).filter((file) => file.startsWith('got'))
  return [...images.filter((each) => !['empty queued', 'there active'].includes(each)), ...files.toSorted()]
}

test.each(Object.entries(phases))(
  'U18: Ctrl-C while %s leaves nothing but what it says, and the terminal as it was',
  async (_, phase) => {
    const { says = [], files = [] } = phase
    await using stopped = await reached(phase)
    const { terminal } = stopped
    terminal.type('\u0003')
    await terminal.ended
    expect(await contentOf(path.join(at.folder, 'code'))).toBe('130\n')
    const text = await terminal.text()
    for (const each of [/^error: stopped by SIGINT$/m, ...says])
      expect(text.replaceAll(/\n(?!\w+: )/g, '')).toMatch(each)
    // Neither a bar nor a rest of one.
    expect(text).not.toMatch(/ {2}(?:upload|download|server|verify|inspect) {2}|[[#]#/)
    expect(await contentOf(path.join(at.folder, 'after'))).toBe(await contentOf(path.join(at.folder, 'before')))
    expect(terminal.raw()).not.toContain('\u001B[?25l')
    expect(await left()).toEqual(files)
  },
)

test.each(Object.entries(phases))(
  'U18: a terminal that is closed while %s leaves nothing but what it says',
  async (_, phase) => {
    await using stopped = await reached(phase)
    stopped.terminal.hangUp()
    await expect.poll(() => contentOf(path.join(at.folder, 'code'))).toBe('129\n')
    expect(await left()).toEqual(phase.files ?? [])
  },
)

test('U18: a second Ctrl-C does not wait for the cleanup, and says how to do it later', async () => {
  const image: FaultPlan = [
    { match: file, fault: stalls({ afterRequestBytes: 1_000_000 }) },
    { match: { method: 'DELETE' }, fault: stalls() },
  ]
  await using broken = await at.behind({ image })
  using terminal = broken.shell(`${create} u.raw`, { columns: 60 })
  await expect.poll(() => terminal.text()).toMatch(/upload/)
  terminal.type('\u0003')
  await expect.poll(() => terminal.text()).toMatch(/^SIGINT: cleaning up; send it again to stop at once$/m)
  terminal.type('\u0003')
  expect(await terminal.ended).toBe(130)
  const text = await terminal.text()
  expect(text).toMatch(/^SIGINT: ended before the cleanup was done; `tyrax gc` finds/m)
  expect(text).not.toMatch(/^new/m)
  await expect.poll(async () => (await at.cloud.images.listAll()).map(({ status }) => status)).toContain('queued')
  const orphans = await at.cloud.images.findOrphans({ olderThanMs: 0 })
  expect(orphans.map(({ name }) => name)).toEqual(['new'])
  for (const { id } of orphans) await at.cloud.images.delete(id)
})

test('Ctrl-Z clears the line and lets the shell speak; in the background nothing is drawn; fg draws it again', async () => {
  await using broken = await at.behind({})
  using terminal = broken.shell('exec bash --norc --noprofile -i', { columns: 90, env: { PS1: '> ' } })
  const seen = (text: RegExp) => expect.poll(() => terminal.text()).toMatch(text)
  await seen(/^> ?$/m)
  terminal.type(`${create} u.raw --limit-rate 100k\r`)
  await seen(/^new +\[[#-]+\] +upload /m)
  terminal.type('\u001A')
  await seen(/Stopped/)
  expect(await terminal.text()).not.toMatch(/^new/m)
  terminal.type('bg\r')
  await seen(/^\[1\]\+ tyrax/m)
  // What is typed meanwhile stays as it is: the transfer has had time for several frames.
  const requests = broken.image.requests
  const sent = requests.findLast(({ method }) => method === 'PUT')?.bodyBytes ?? 0
  await expect.poll(() => requests.findLast(({ method }) => method === 'PUT')?.bodyBytes).toBeGreaterThan(sent + 50_000)
  terminal.type('echo hello\r')
  await seen(/^hello$/m)
  expect(await terminal.text()).not.toMatch(/^new/m)
  terminal.type('fg\r')
  await seen(/^new +\[[#-]+\] +upload /m)
  terminal.type('\u0003')
  await seen(/^error: stopped by SIGINT$/m)
  await seen(/^again: tyrax create new/m)
  expect(await terminal.text()).not.toMatch(/^new|^\[[#-]/m)
  terminal.type('echo code $?\r')
  await seen(/^code 130$/m)
  terminal.type('exit\r')
  await terminal.ended
})
