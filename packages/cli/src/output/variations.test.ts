import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { oneCloud } from '../testing/one-cloud.js'

const { home, tyrax: run } = await oneCloud()

beforeAll(async () => {
  const long = 'n'.repeat(100)
  for (const argv of [
    ['create', 'b', '--min-ram', '9', '--property', `hw-x=${hostile}`, '--property', '1:a=2'],
    ['create', 'a', '--min-ram', '10', '--property', `long=${long}`],
    ['create', 'c', '--min-ram', '9'],
  ]) {
    await run(argv)
  }
})

const hostile = '"; touch hurt; $(touch hurt) `touch hurt` \\'
const tyrax = (line: string, more: Record<string, string> = {}, isTTY = false) =>
  run(line.trim().split(' '), { env: more, isTTY })
const names = async (line: string) => (await tyrax(`list -f value -c name ${line}`)).stdout.trim().split('\n').join(' ')

test('-f shell prints assignments that a shell can evaluate, and runs nothing of what is in them', async () => {
  const { stdout, exitCode } = await tyrax('show b -f shell --shell-prefix img_')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^img_id="[-0-9a-f]{36}"\n/m)
  expect(stdout).toMatch(/^img_properties_1_a="2"\n/m)
  const script = `eval "$1"; printf '%s|%s' "$img_name" "$img_properties_hw_x"; ls hurt 2>/dev/null`
  const ran = await promisify(execFile)('sh', ['-c', `${script}; true`, 'sh', stdout], { cwd: home })
  expect(ran.stdout).toBe(`b|${hostile}`)
  expect((await tyrax('show b -f shell -c name -c min_ram')).stdout).toBe('name="b"\nmin_ram="9"\n')
  const listed = await tyrax('list -f shell')
  expect(listed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('for a single record') })
})

test('--sort-column sorts what is printed, numbers as numbers, by several columns', async () => {
  expect(await names('--sort-column name')).toBe('a b c')
  expect(await names('--sort-column Name --sort-descending')).toBe('c b a')
  expect(await names('--sort-column min_ram --sort-column name --sort-ascending')).toBe('b c a')
  expect(await names('--sort-column long --sort-column name')).toBe('a b c')
  const unknown = await tyrax('list --sort-column nmae')
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean name?') })
})

test('--max-width and --fit-width decide how wide a table is', async () => {
  const widest = async (line: string, more: Record<string, string> = {}, isTTY = false) => {
    const { stdout } = await tyrax(`list --color never -c name -c properties ${line}`, more, isTTY)
    return Math.max(...stdout.split('\n').map((each) => each.length))
  }
  expect(await widest('')).toBeGreaterThan(100)
  expect(await widest('--max-width 60')).toBe(60)
  expect(await widest('--fit-width')).toBe(80)
  expect(await widest('--fit-width', { COLUMNS: '50' })).toBe(50)
  expect(await widest('', { CLIFF_FIT_WIDTH: '1' })).toBe(80)
  expect(await widest('', { CLIFF_MAX_TERM_WIDTH: '70' })).toBe(70)
  expect(await widest('--max-width 0', {}, true)).toBeGreaterThan(100)
  expect(await widest('', {}, true)).toBe(80)
})

test('--noindent prints JSON in one line', async () => {
  expect((await tyrax('list --sort-column name -c name -f json --noindent')).stdout).toBe(
    '[{"name":"a"},{"name":"b"},{"name":"c"}]\n',
  )
})
