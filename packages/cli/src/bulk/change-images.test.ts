import { beforeEach, expect, test } from 'vitest'
import { startFaultServer } from '@tyrax/testkit'
import { oneCloud } from '../testing/one-cloud.js'

const { cloud, tyrax } = await oneCloud()

beforeEach(async () => {
  await tyrax(['rm', 'owner~*', '--unprotect', '--yes', '--os-cloud', 'admin'])
  await tyrax(['create', 'ci-1', '--tag', 'ci', '--property', 'os_distro=debian'])
  await tyrax(['create', 'ci-2', '--tag', 'ci'])
  await tyrax(['create', 'kept', '--tag', 'ci', '--protected'])
  await tyrax(['create', 'other', '--tag', 'release'])
})

const names = async (...argv: string[]) =>
  (await tyrax(['list', '--sort', 'name:asc', '-f', 'value', '-c', 'name', ...argv])).stdout.trim().split('\n')
const rows = (text: string) =>
  (JSON.parse(text) as { name: string; action: string; result: string; error?: { code: string } }[])
    .map(({ name, action, result, error }) => [name, action, result, ...(error ? [error.code] : [])].join(' '))
    .toSorted()
const everything = ['ci-1', 'ci-2', 'kept', 'other']

test('a plan shows what would be deleted, and deletes nothing', async () => {
  const planned = await tyrax(['rm', 'tag=ci,age<1d', '--dry-run', '-f', 'json'])
  expect(planned).toMatchObject({ exitCode: 0 })
  expect(rows(planned.stdout)).toEqual(['ci-1 delete planned', 'ci-2 delete planned', 'kept delete protected'])
  const table = await tyrax(['rm', 'tag=ci,age<1d', '--dry-run'])
  expect(table.stdout).toContain('ci-1')
  expect(table.stderr).toMatch(/^age<1d: created after \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, less than 1d ago\n$/)
  expect(await names()).toEqual(everything)
})

test('selected images are deleted, protected ones stay, and the exit code says that it was a part', async () => {
  const ran = await tyrax(['rm', 'tag=ci', '--yes', '-f', 'json'])
  expect(ran.exitCode).toBe(9)
  expect(rows(ran.stdout)).toEqual(['ci-1 delete done', 'ci-2 delete done', 'kept delete failed forbidden'])
  expect(JSON.parse(ran.stderr)).toMatchObject({
    error: {
      code: 'partial',
      message: expect.stringContaining('1 of 3 failed'),
      hint: expect.stringContaining('--unprotect'),
    },
  })
  expect(await names()).toEqual(['kept', 'other'])
  expect(await tyrax(['rm', 'tag=ci', '--yes', '--unprotect'])).toMatchObject({ exitCode: 0, stdout: '' })
  expect(await names()).toEqual(['other'])
})

test('nothing that matches is no failure', async () => {
  expect(await tyrax(['rm', 'tag=nosuch', '--yes'])).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: 'no image is selected by tag=nosuch\n',
  })
  expect(await tyrax(['rm', 'tag=nosuch', '--yes', '-f', 'json'])).toMatchObject({ exitCode: 0, stdout: '[]\n' })
})

test.each([
  [['rm', 'tag=ci'], 'needs --yes'],
  [['set', 'tag=ci', '--hidden'], 'needs --yes'],
  [['rm', 'tga=ci', '--yes'], 'did you mean tag?'],
  [['rm', 'tga=ci', '--yes', '--if-exists'], 'did you mean tag?'],
  [['rm', 'tag=ci,craeted_at<30d', '--yes'], 'did you mean created_at?'],
  [['rm', 'ci-1', 'tga=ci', '--yes'], 'did you mean tag?'],
  [['rm', 'status!=actve', '--yes'], 'did you mean active?'],
  [['set', 'tag=ci', '--name', 'x', '--yes'], 'the same name'],
])('%j is refused, and nothing is changed', async (argv, words) => {
  const { exitCode, stdout, stderr } = await tyrax(argv)
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringContaining(words) })
  expect(await names()).toEqual(everything)
})

test('a selector that is the name of an image is neither', async () => {
  await tyrax(['create', 'tag=ci'])
  const { exitCode, stderr } = await tyrax(['rm', 'tag=ci', '--yes'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining('is the name of') })
  expect(await tyrax(['rm', 'name="tag=ci"', '--yes'])).toMatchObject({ exitCode: 0 })
  expect(await names()).toEqual(everything)
  await tyrax(['create', 'a=b'])
  expect(await tyrax(['rm', 'a=b'])).toMatchObject({ exitCode: 0 })
  expect(await tyrax(['rm', 'a=b'])).toMatchObject({ exitCode: 3 })
})

test.each([
  ['y\n', 0, ['kept', 'other']],
  ['YES\n', 0, ['kept', 'other']],
  ['n\n', 1, everything],
  ['\n', 1, everything],
  ['', 1, everything],
])('on a terminal a person is asked: %j', async (stdin, exitCode, left) => {
  const ran = await tyrax(['rm', 'tag=ci,protected=false'], { isTTY: true, stdin })
  expect(ran.stderr).toContain('Delete these 2 images? [y/N]')
  expect(ran.stderr).toMatch(/ {2}[0-9a-f-]{36} {2}\d{4}-\d\d-\d\d {2}ci-1/)
  expect(ran).toMatchObject({ exitCode, stdout: '' })
  expect(await names()).toEqual(left)
})

test('an administrator selects images of the own project only, unless the selector says whose', async () => {
  await tyrax(['create', 'mine', '--tag', 'ci', '--os-cloud', 'admin'])
  const own = await tyrax(['rm', 'tag=ci', '--dry-run', '-f', 'json', '--os-cloud', 'admin'])
  expect(rows(own.stdout)).toEqual(['mine delete planned'])
  const all = await tyrax(['rm', 'tag=ci,owner~*', '--dry-run', '-f', 'json', '--os-cloud', 'admin'])
  expect(rows(all.stdout)).toHaveLength(4)
})

test('set, unset, tags, deactivate and reactivate take selectors too', async () => {
  const set = await tyrax(['set', 'tag=ci', '--property', 'team=blue', '--tag', 'new', '--yes', '-f', 'json'])
  expect(set).toMatchObject({ exitCode: 0 })
  expect(rows(set.stdout)).toEqual(['ci-1 change done', 'ci-2 change done', 'kept change done'])
  expect(await names('--property', 'team=blue', '--tag', 'new')).toEqual(['ci-1', 'ci-2', 'kept'])
  await tyrax(['unset', 'name~ci-*', '--property', 'team', '--yes'])
  expect(await names('--property', 'team=blue')).toEqual(['kept'])
  await tyrax(['tag', 'add', 'os_distro=debian', 'a', 'b', '--yes'])
  expect(await names('--tag', 'a', '--tag', 'b')).toEqual(['ci-1'])
  await tyrax(['tag', 'rm', 'tag=new', 'new', '--yes', '--concurrency', '1'])
  expect(await names('--tag', 'new')).toEqual([''])
  const failed = await tyrax(['deactivate', 'tag=ci', '--yes', '-f', 'json'])
  expect(failed.exitCode).toBe(9)
  expect(rows(failed.stdout)).toHaveLength(3)
})

test('images are shared by selector, and listed', async () => {
  await tyrax(['set', 'ci-1', 'ci-2', '--visibility', 'shared'])
  const project = 'f00d'.repeat(8)
  const shared = await tyrax(['share', 'add', 'tag=ci,protected=no', project, '--yes', '-f', 'json'])
  expect(shared).toMatchObject({ exitCode: 0 })
  expect(rows(shared.stdout)).toEqual(['ci-1 share done', 'ci-2 share done'])
  expect((await tyrax(['share', 'list', 'ci-2', '-f', 'value', '-c', 'member_id'])).stdout).toBe(`${project}\n`)
  expect(await tyrax(['share', 'rm', 'name~ci-*', 'f00d', '--yes'])).toMatchObject({ exitCode: 0, stdout: '' })
  expect((await tyrax(['share', 'list', 'ci-2', '-f', 'json'])).stdout).toBe('[]\n')
  expect(await names('tag=ci,name!~*2')).toEqual(['ci-1', 'kept'])
  expect(await names('tag=ci', '--limit', '2')).toEqual(['ci-1', 'ci-2'])
  expect(await tyrax(['list', 'ci'])).toMatchObject({ exitCode: 2 })
})

test('one image by its name is printed and fails as before', async () => {
  const set = await tyrax(['set', 'other', '--min-ram', '5', '-f', 'json'])
  expect(JSON.parse(set.stdout)).toMatchObject({ name: 'other', min_ram: 5 })
  expect(JSON.parse(set.stdout)).not.toHaveProperty('action')
  expect(await tyrax(['rm', 'kept'])).toMatchObject({
    exitCode: 4,
    stdout: '',
    stderr: expect.stringContaining('--unprotect'),
  })
  expect(await tyrax(['rm', 'nosuch', '-f', 'json'])).toMatchObject({ exitCode: 3, stdout: '' })
  expect(await tyrax(['rm', 'other', 'other', 'nosuch'])).toMatchObject({ exitCode: 9, stdout: '' })
  expect(await names()).toEqual(['ci-1', 'ci-2', 'kept'])
})

test('what is in use says so, with a way out, and stays protected if it was', async () => {
  const message = '409 Conflict\n\nImage could not be deleted because it is in use: it has 2 snapshot(s)'
  const plan = [{ match: { method: 'DELETE' }, fault: { type: 'status' as const, status: 409, body: message } }]
  const front = await startFaultServer({ upstream: cloud.imageUrl, plan })
  const env = { OS_IMAGE_ENDPOINT_OVERRIDE: front.url }
  const ran = await tyrax(['rm', 'kept', '--unprotect'], { env })
  await front.close()
  expect(ran.exitCode).toBe(5)
  expect(ran.stderr).toContain('it has 2 snapshot(s)')
  expect(ran.stderr).toMatch(/tyrax set [0-9a-f-]{36} --hidden/)
  expect(await tyrax(['show', 'kept', '-f', 'value', '-c', 'protected'])).toMatchObject({ stdout: 'true\n' })
})
