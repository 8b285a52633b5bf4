import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandEntries } from '../commands/index.js'
import { locate } from '../command/locate.js'
import { parseCommand } from '../command/parse.js'
import { oneCloud } from '../testing/one-cloud.js'
import type { KnownHabit } from './habit.js'
import { habits } from './index.js'
import { globalHabits } from './openstack-other.js'
import { optionSyntax } from './option-syntax.js'
import { byWords } from './retyped.js'
import { typedLines } from '../testing/typed-lines.js'

const lines = await typedLines()
const {
  cloud,
  home,
  tyrax: run,
} = await oneCloud({
  image: {
    stores: [{ id: 'fast', default: true }, { id: 'slow' }, { id: 'web', type: 'http' as const }],
    cache: true,
    showMultipleLocations: true,
    importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] },
  },
})
let words: Record<string, string>
const server = createServer((_, response) => response.setHeader('content-length', 4).end('data'))

beforeAll(async () => {
  await Promise.all(['data', 'other'].map((name) => writeFile(path.join(home, name), 'data')))
  await writeFile(path.join(home, 'namespace.json'), '{"namespace":"imported"}')
  await mkdir(path.join(home, 'empty'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  words = {
    WEB: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SHA512: createHash('sha512').update('data').digest('hex'),
    REGION: 'RegionOne',
    POLICY: 'Policy-0',
    IMAGEURL: `${cloud.url}/image`,
    ...(await projectOf()),
  }
})
afterAll(() => server.close())

const tyrax = (argv: readonly string[], cwd = home) => run(argv, { stdin: 'data', cwd })
async function projectOf() {
  const PROJECT = (await tyrax(['auth', 'token', '-f', 'value', '-c', 'project_id'])).stdout.trim()
  return { PROJECT, STORAGEURL: `${cloud.url}/object-store/v1/AUTH_${PROJECT}` }
}
const split = (line: string) =>
  (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', '')).map((word) => replaced(word))
const replaced = (text: string) =>
  Object.entries(words).reduce((done, [word, value]) => done.replaceAll(word, () => value), text)

test('every line of another client does what the line of tyrax does that it becomes', async () => {
  const failures: unknown[] = []
  for (const { typed, ours, probe, shows } of lines) {
    if (typed.includes('TASK')) {
      words['TASK'] = (await tyrax(['task', 'list', '-f', 'id', '--limit', '1', '--os-cloud', 'admin'])).stdout.trim()
    }
    const became = await byWords(split(typed), commandEntries)
    const found = became?.map((line) => line.join(' ')).join(' && ')
    const ran = await tyrax(split(typed))
    const shown = probe === undefined ? ran : await tyrax(split(probe))
    if (
      found !== split(ours).join(' ') ||
      ran.exitCode !== 0 ||
      (shows !== undefined && shown.stdout.trim() !== shows)
    ) {
      failures.push({
        typed,
        found,
        exitCode: ran.exitCode,
        stderr: ran.stderr,
        probe,
        stdout: shown.stdout,
        error: shown.stderr,
      })
    }
  }
  expect(failures).toEqual([])
})

const nameOf = ({ client, words: each }: KnownHabit) => [client, ...each].join(' ')
const isRefused = (meaning: unknown): boolean =>
  typeof meaning === 'object' && meaning !== null && ('instead' in meaning || 'none' in meaning)

/** The commands of other clients and those of their options that the lines use. */
function used(): Set<string> {
  const seen = new Set<string>()
  for (const line of lines.map(({ typed }) => split(typed))) {
    const plain = line.filter((word) => !['openstack', 'glance', 'swift'].includes(word))
    const [client] = line
    const habit = habits
      .filter(({ client: of }) => (client === 'swift' || client === 'glance' ? of === client : of !== 'swift'))
      .filter(({ words: each }) => each.every((word, at) => plain[at] === word))
      .toSorted((one, other) => other.words.length - one.words.length)[0]
    const options = [...Object.keys(habit?.options ?? {}), ...Object.keys(globalHabits)]
    if (habit) seen.add(nameOf(habit))
    for (const text of options.filter((each) => optionSyntax(each).flags.some((flag) => line.includes(flag)))) {
      seen.add(habit && Object.hasOwn(habit.options ?? {}, text) ? `${nameOf(habit)} ${text}` : text)
    }
  }
  return seen
}

test('every command and option that is taken is in a line', () => {
  const seen = used()
  const taken = habits.flatMap((habit) => [
    ...(isRefused(habit.ours) ? [] : [nameOf(habit)]),
    ...Object.entries(habit.options ?? {})
      .filter(([, meaning]) => !isRefused(meaning) && !(isRefused(habit.ours) && meaning === ''))
      .map(([text]) => `${nameOf(habit)} ${text}`),
  ])
  expect([...taken, ...Object.keys(globalHabits)].filter((each) => !seen.has(each) && !elsewhere.has(each))).toEqual([])
})

/** They need a block storage service or a key: next to this file, and in the SDK. */
const elsewhere = new Set([
  'openstack image create --volume <volume>',
  'openstack image create --sign-key-path <sign-key-path>',
  'openstack image create --sign-cert-id <sign-cert-id>',
  'openstack image import --remote-image <image>',
  'openstack image import --remote-region <region>',
  'openstack image import --remote-service-interface <interface>',
  'glance image-import --remote-region <region>',
  'glance image-import --remote-image-id <image>',
  'glance image-import --remote-service-interface <interface>',
])

/** Every command and option that is not taken, as it is typed. */
const refusedLines = habits.flatMap((habit) => {
  const line = [...(habit.client === 'swift' ? ['swift'] : []), ...habit.words, ...habit.args.map(({ name }) => name)]
  const own = isRefused(habit.ours) ? [line] : []
  const withOption = Object.entries(habit.options ?? {}).flatMap(([text, meaning]) => {
    if (!isRefused(meaning)) return []
    const { flags, value } = optionSyntax(text)
    return [[...line, flags.at(-1) ?? '', ...(value === 'one' ? [text.includes('interface') ? 'public' : 'v:w'] : [])]]
  })
  return [...own, ...withOption]
})

test.each(refusedLines.map((line) => [line.join(' '), line] as const))(
  '%s names what to type instead',
  async (_, line) => {
    const { exitCode, stdout, stderr } = await tyrax(line)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^error: tyrax .*: /)
    const [, advice] = /^hint: type: (.*)$/m.exec(stderr) ?? []
    for (const part of advice?.split(/ && | \| .*(?=tyrax )/) ?? []) {
      const argv = split(part.replace(/ \| .*/, '')).slice(1)
      const { entry, path: at, rest } = locate(argv, commandEntries)
      const command = await entry?.load()
      expect({ part, isKnown: command !== undefined }).toEqual({ part, isKnown: true })
      if (command) await parseCommand(at, command, rest, { out: () => {}, err: () => {} })
    }
  },
)

test('our own commands take the options of the others, and say what is wrong with the rest', async () => {
  const made = await tyrax(['create', 'own', '--private', '--unprotected', '--file', 'data', '--disk-format', 'raw'])
  expect(made).toMatchObject({ exitCode: 0 })
  expect(await tyrax(['set', 'own', '--deactivate'])).toMatchObject({ exitCode: 0 })
  expect((await tyrax(['list', '--all', '--name', 'own', '-f', 'value', '-c', 'status'])).stdout).toBe('deactivated\n')
  expect(await tyrax(['set', 'own', '--activate'])).toMatchObject({ exitCode: 0 })
  expect(await tyrax(['download', 'own', '--file', 'out'], path.join(home, 'empty'))).toMatchObject({ exitCode: 0 })
  expect((await tyrax(['list', '--nmae', 'x'])).stderr).toContain('Did you mean --name?')
  expect((await tyrax(['image', 'list', '--nmae', 'x'])).stderr).toContain('Did you mean --name?')
  expect((await tyrax(['image', 'show'])).stderr).toContain("missing required argument 'image'")
  expect((await tyrax(['image', 'show', 'a', 'b'])).stderr).toContain('too many arguments')
  expect((await tyrax(['image', 'list', '--help'])).stdout).toBe((await tyrax(['list', '--help'])).stdout)
  expect((await tyrax(['help', 'image', 'save'])).stdout).toBe((await tyrax(['download', '--help'])).stdout)
  expect((await tyrax(['image', '--help'])).stdout).toContain('image add project')
  expect((await tyrax(['image', 'create', '--file=data', '--disk-format', 'raw', '--', '-x'])).exitCode).toBe(0)
  expect((await tyrax(['image', 'delete', '--', '-x'])).exitCode).toBe(0)
})
