import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax: typed } = await oneCloud()
const folder = path.join(home, 'downloads')

beforeAll(async () => {
  await mkdir(folder)
  const old = new Date(Date.now() - 3 * 86_400_000)
  const notes = JSON.stringify({ version: 1, identity: { id: 'x' }, ranges: true, prefix: null })
  const make = async (name: string, text: string, time = old) => {
    await writeFile(path.join(folder, name), text, { mode: 0o600 })
    await utimes(path.join(folder, name), time, time)
  }
  for (const name of ['old', 'held', 'young']) {
    await make(`${name}.part`, 'half', name === 'young' ? new Date() : old)
    await make(`${name}.part.json`, notes)
  }
  await make('held.part.lock', String(process.ppid))
  await make('browser.part', 'not ours')
  await make('notes.part', 'not ours either')
  await make('notes.part.json', '{"mine":true}')
})

const tyrax = (...argv: string[]) => typed(argv, { cwd: folder })
const kinds = (text: string) =>
  (JSON.parse(text) as { kind: string; name: string; result: string }[])
    .map(({ kind, name, result }) => `${kind} ${path.basename(name)} ${result}`)
    .toSorted()

test('unfinished downloads, expired tokens and records are one report, and what is in use stays', async () => {
  await tyrax('create', 'on purpose')
  const tokens = path.join(home, '.cache', 'tyrax', 'tokens')
  const [token = ''] = await readdir(tokens)
  const planned = await tyrax('gc', '--dry-run', '-f', 'json')
  expect(kinds(planned.stdout)).toEqual(['download held.part planned', 'download old.part planned'])
  expect(await readdir(folder)).toHaveLength(10)
  await writeFile(path.join(tokens, 'stale.json'), JSON.stringify({ version: 1, grant: { expiresAt: 1 } }), {
    mode: 0o600,
  })
  const ran = await tyrax('gc', '-f', 'json')
  expect(kinds(ran.stdout)).toEqual(['download held.part failed', 'download old.part done', 'token stale.json done'])
  expect(ran.exitCode).toBe(9)
  expect(JSON.parse(ran.stderr)).toMatchObject({ error: { message: expect.stringContaining('another process') } })
  expect((await readdir(folder)).toSorted()).toEqual([
    'browser.part',
    'held.part',
    'held.part.json',
    'held.part.lock',
    'notes.part',
    'notes.part.json',
    'young.part',
    'young.part.json',
  ])
  expect(await readdir(tokens)).toEqual([token])
  expect((await tyrax('list', '-f', 'value', '-c', 'name')).stdout).toBe('on purpose\n')
})

test('files are looked for without a cloud, in the folders that are named', async () => {
  const elsewhere = await makeHome()
  const ran = await run(elsewhere, [
    'gc',
    '--local',
    '--dry-run',
    '--older-than',
    '0',
    '--folder',
    folder,
    '-f',
    'json',
  ])
  expect(kinds(ran.stdout)).toContain('download young.part planned')
  expect(ran.exitCode).toBe(0)
})

test('segments that belong to no object are found in every container, and those of objects stay', async () => {
  await tyrax('object', 'container', 'create', 'imgs', 'imgs_segments', 'other_segments')
  await writeFile(path.join(home, 'whole'), 'a'.repeat(3 * 2 ** 20))
  const put = await tyrax('object', 'put', 'imgs/whole', '--file', path.join(home, 'whole'), '--segment-size', '1M')
  expect(put).toMatchObject({ exitCode: 0 })
  const name = 'u.raw/slo/1700000000.000000001/4/2/00000000'
  for (const container of ['imgs_segments', 'other_segments']) {
    await tyrax('object', 'put', `${container}/${name}`, '--file', path.join(home, 'clouds.yaml'))
  }
  const list = async (...argv: string[]) => {
    const { stdout } = await tyrax('gc', '--older-than', '0', '--folder', home, '-f', 'json', ...argv)
    return (JSON.parse(stdout) as { kind: string; container: string; name: string; result: string }[])
      .filter(({ kind }) => kind === 'segment')
      .map((row) => [row.container, row.name, row.result])
  }
  const orphans = (result: string) => ['imgs_segments', 'other_segments'].map((container) => [container, name, result])
  expect(await list('--dry-run')).toEqual(orphans('planned'))
  expect(await list()).toEqual(orphans('done'))
  expect(await list('--dry-run')).toEqual([])
  const got = await tyrax('object', 'get', 'imgs/whole', '--output', '-')
  expect(got.stdoutBytes).toHaveLength(3 * 2 ** 20)
})
