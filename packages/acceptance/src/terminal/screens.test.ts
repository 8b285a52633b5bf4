import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '@tyrax/sdk'
import { bytes, scene, type Scene } from './scene.js'

let at: Scene
let cloud: Cloud

beforeAll(async () => {
  at = await scene()
  cloud = at.cloud
  await cloud.images.create({ name: 'debian-13', diskFormat: 'qcow2' })
})
afterAll(() => at.close())

test('a window that changes its width while a transfer runs has one line of progress, and no rest of one', async () => {
  const stall = { type: 'stall', afterRequestBytes: 20_000_000 } as const
  await using broken = await at.behind({ image: [{ match: { method: 'PUT', path: '/file$' }, fault: stall }] })
  const name = '名前のとても長いイメージ'
  using terminal = broken.shell(`echo before; tyrax create ${name} --file u.raw --disk-format raw`, { columns: 120 })
  const rows = async () => (await terminal.rows()).map(({ text }) => text)
  const inOneLine = ['before', expect.stringMatching(/^名前.* upload /)]
  await expect.poll(rows).toEqual(inOneLine)
  for (const columns of [40, 200, 61, 80, 40, 120]) {
    terminal.resize(columns)
    const before = terminal.raw().length
    // Two frames: the first one may still have been for the old width.
    await expect.poll(() => terminal.raw().slice(before).split('\u001B[?7l').length).toBeGreaterThan(2)
    await expect.poll(rows).toEqual(inOneLine)
  }
  terminal.type('\u0003')
  expect(await terminal.ended).toBe(130)
  const shown = await terminal.text()
  // A busy machine may take so long to clean up that the command says so.
  expect(shown).toMatch(/^before\n(?:SIGINT: cleaning up.*\n)?error: stopped by SIGINT\n/)
  expect(shown).not.toMatch(/ upload |#/)
})

test('each stream of a terminal is coloured or not by what was asked for', async () => {
  await using broken = await at.behind({})
  const cases = [
    ['a terminal', 'tyrax list; tyrax show nothing', true, true],
    ['NO_COLOR', 'NO_COLOR=1 tyrax list; NO_COLOR=1 tyrax show nothing', false, false],
    ['FORCE_COLOR over TERM=dumb', 'export TERM=dumb FORCE_COLOR=1; tyrax list; tyrax show nothing', true, true],
    ['TERM=dumb', 'export TERM=dumb; tyrax list; tyrax show nothing', false, false],
    ['CLICOLOR=0', 'export CLICOLOR=0; tyrax list; tyrax show nothing', false, false],
    ['--color never', 'tyrax list --color never; tyrax show nothing --color never', false, false],
    ['stdout elsewhere', 'tyrax list | cat; tyrax show nothing', false, true],
    ['stderr elsewhere', 'tyrax list; tyrax show nothing 2>&1 | cat', true, false],
    ['CLICOLOR_FORCE', 'export CLICOLOR_FORCE=1; tyrax list | cat; tyrax show nothing 2>&1 | cat', true, true],
  ] as const
  const script = cases.map(([name, command]) => `echo "== ${name}"; (${command})`).join('\n')
  using terminal = broken.shell(script, { columns: 150, rows: 50 })
  await terminal.ended
  const found = terminal
    .raw()
    .split('== ')
    .slice(1)
    .map((part) => [part.split('\r\n')[0], part.includes('\u001B[1mName'), part.includes('\u001B[31merror')])
  expect(found).toEqual(cases.map(([name, , out, err]) => [name, out, err]))
})

test('progress on a terminal: auto, plain, json, none, quiet, dumb terminals and CI', async () => {
  await using broken = await at.behind({})
  const run = 'tyrax download big -o - > /dev/null'
  await cloud.images.create({ name: 'big', diskFormat: 'raw', data: Buffer.alloc(bytes / 10) })
  const cases = [
    ['auto', run, 'tty'],
    ['dumb', `TERM=dumb ${run}`, 'plain'],
    ['ci', `CI=true ${run}`, 'plain'],
    ['plain', `${run} --progress plain`, 'plain'],
    ['json', `${run} --progress json`, 'json'],
    ['variable', `TYRAX_PROGRESS=json ${run}`, 'json'],
    ['none', `${run} --progress none`, 'none'],
    ['quiet', `TYRAX_PROGRESS=plain ${run} -q`, 'none'],
    ['no terminal', `(${run}) 2> err; cat err`, 'plain'],
  ] as const
  const script = cases.map(([name, command]) => `echo "== ${name}"; ${command}`).join('\n')
  using terminal = broken.shell(script, { columns: 100, rows: 50 })
  expect(await terminal.ended).toBe(0)
  const modeOf = (part: string) => {
    if (part.includes('\u001B[?7l')) return 'tty'
    if (part.includes('"state":"done"')) return 'json'
    return /^big: done 2\.93 MiB of 2\.93 MiB, 100 %/m.test(part) ? 'plain' : 'none'
  }
  const found = terminal
    .raw()
    .split('== ')
    .slice(1)
    .map((part) => [part.split('\r\n')[0], modeOf(part)])
  expect(found).toEqual(cases.map(([name, , mode]) => [name, mode]))
})
