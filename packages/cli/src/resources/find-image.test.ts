import { readdir, readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { oneCloud } from '../testing/one-cloud.js'

const one = 'abcd1234-0000-4000-8000-000000000001'
const two = 'abcd9999-0000-4000-8000-000000000002'
const hidden = 'e0e0e0e0-0000-4000-8000-000000000003'
const offered = 'f1f1f1f1-0000-4000-8000-000000000004'
const called = '11112222-0000-4000-8000-000000000005'

const { tyrax: run } = await oneCloud()
let demoProject: string

beforeAll(async () => {
  demoProject = (await tyrax('auth token -f value -c project_id')).stdout.trim()
  await tyrax(`create one --id ${one}`)
  await tyrax(`create two --id ${two} --tag t`)
  await tyrax(`create hidden --id ${hidden} --hidden`)
  await tyrax(`create 1111 --id ${called}`)
  await tyrax(`create other --id 11113333-0000-4000-8000-000000000006`)
  await tyrax(`create offered --id ${offered} --visibility shared --os-cloud admin`)
  await tyrax(`share add ${offered} ${demoProject} --os-cloud admin`)
})

const tyrax = (line: string, options = {}) => run(line.split(' '), options)

test.each([
  ['abcd1', one],
  ['ABCD9999-0', two],
  [two.slice(0, 35), two],
  ['e0e0', hidden],
  ['f1f1f1f1', offered],
])('an image is found by the beginning of its id: %s', async (prefix, id) => {
  expect(await tyrax(`show ${prefix} -f value -c id`)).toMatchObject({ exitCode: 0, stdout: `${id}\n` })
})

test('a name that is the same takes precedence', async () => {
  expect((await tyrax('show 1111 -f value -c id')).stdout).toBe(`${called}\n`)
  expect((await tyrax('show 11113 -f value -c name')).stdout).toBe('other\n')
})

test('several that begin with it are candidates, and nothing is done', async () => {
  const { exitCode, stdout, stderr } = await tyrax('rm abcd')
  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' })
  expect(stderr).toContain(`${one} (one)`)
  expect(stderr).toContain(`${two} (two)`)
  expect((await tyrax('list --tag t -f value -c id')).stdout).toBe(`${two}\n`)
})

test.each(['abc', 'abcd12345', 'abcd1234-', 'abcd-1234', 'abcd12g4', 'feed'])('%s is not found', async (text) => {
  const isThere = one.startsWith(text) && text.length > 3
  expect(await tyrax(`show ${text} -f value -c id`)).toMatchObject(
    isThere ? { exitCode: 0, stdout: `${one}\n` } : { exitCode: 3, stdout: '' },
  )
})

test('an image that may be gone is only meant by its name or its whole id', async () => {
  expect(await tyrax('rm --if-exists abcd1')).toMatchObject({ exitCode: 0, stderr: 'abcd1 does not exist\n' })
  expect((await tyrax(`show ${one} -f value -c id`)).stdout).toBe(`${one}\n`)
})

test('a project that an image is shared with is named by the beginning of its id', async () => {
  await tyrax(`share add ${offered} ${'f00d'.repeat(8)} --os-cloud admin`)
  expect(await tyrax(`share rm ${offered} f00df00d --os-cloud admin`)).toMatchObject({
    exitCode: 0,
    stderr: `${offered} is no longer shared with ${'f00d'.repeat(8)}\n`,
  })
})

test.each([40, 60, 80, 120])('a terminal of %i columns shows ids whole', async (columns) => {
  const list = await tyrax('list -c id -c name -c owner -c created_at -c updated_at', { isTTY: true, columns })
  for (const id of [one, two, demoProject]) expect(list.stdout).toContain(id)
  expect((await tyrax(`show ${one}`, { isTTY: true, columns })).stdout).toContain(one)
})

test('every command finds images in this way', async () => {
  const folder = new URL('../commands/', import.meta.url)
  for (const name of await readdir(folder)) {
    if (name.endsWith('.test.ts')) continue
    const text = await readFile(new URL(name, folder), 'utf8')
    expect({ name, isDirect: /images\.find\(/.test(text) }).toEqual({ name, isDirect: false })
  }
})
