import { copyFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { run } from '../testing/in-process.js'
import { oneCloud } from '../testing/one-cloud.js'

const { cloud, home } = await oneCloud()

beforeAll(async () => {
  await run(home, ['--os-cloud', 'demo', 'object', 'container', 'create', 'there'])
})

const demo = (...argv: string[]) => run(home, ['--os-cloud', 'demo', ...argv, '-f', 'json'])
const errorOf = (stderr: string) => (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: unknown }).error

test.each([
  [['object', 'stat', 'there/some/thing.img']],
  [['object', 'get', 'there/some/thing.img', '--output', 'x']],
  [['object', 'rm', 'there/some/thing.img']],
  [['create', 'x', '--object', 'there/some/thing.img']],
])('an object that is not there is named, with its container: %j', async (argv) => {
  const { exitCode, stderr } = await demo(...argv)
  expect(exitCode).toBe(3)
  expect(stderr).toContain('there is no object some/thing.img in the container there')
})

test('a container that is not there is named', async () => {
  expect(errorOf((await demo('object', 'list', 'nowhere')).stderr)).toMatchObject({
    code: 'not_found',
    message: 'there is no container nowhere',
  })
  const put = await run(home, ['--os-cloud', 'demo', 'object', 'put', 'nowhere/x', '--file', '-'], { stdin: 'x' })
  expect(put).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('there is no container nowhere') })
})

test('403 is no matter of signing in', async () => {
  const { exitCode, stderr } = await demo('create', 'x', '--visibility', 'public')
  expect(exitCode).toBe(4)
  expect(errorOf(stderr)).toMatchObject({
    code: 'forbidden',
    status: 403,
    hint: expect.stringContaining('you are signed in, but your roles in the project demo do not allow this'),
  })
})

test('an application credential that is refused is not said to have a wrong user or password', async () => {
  const env = {
    OS_AUTH_URL: cloud.authUrl,
    OS_AUTH_TYPE: 'v3applicationcredential',
    OS_APPLICATION_CREDENTIAL_ID: 'gone',
    OS_APPLICATION_CREDENTIAL_SECRET: 'secret',
  }
  const { exitCode, stderr } = await run(home, ['list', '-f', 'json'], { env })
  expect(exitCode).toBe(4)
  expect(errorOf(stderr)).toMatchObject({
    code: 'auth',
    hint: expect.stringContaining('the application credential or its secret is wrong, or the credential has expired'),
  })
  expect(stderr).not.toContain('password')
})

test('hints speak of flags', async () => {
  const sourceless = await run(home, ['--os-auth-url', cloud.authUrl, 'list'])
  expect(sourceless).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('set --os-username') })
  await writeFile(path.join(home, 'two.yaml'), 'clouds: {a: {auth: {}}, b: {auth: {}}}\n')
  const several = await run(home, ['list'], { env: { OS_CLIENT_CONFIG_FILE: path.join(home, 'two.yaml') } })
  expect(several.stderr).toContain('choose one with --os-cloud or OS_CLOUD: a, b')
  const property = await demo('create', 'x', '--property', 'min_disk=1')
  expect(errorOf(property.stderr)).toMatchObject({ hint: 'give it as --min-disk, not among the properties' })
  await writeFile(path.join(home, 'page.qcow2'), '<html>not found</html>'.repeat(100))
  const page = await demo('create', 'x', '--file', path.join(home, 'page.qcow2'))
  expect(page.stderr).toContain('--force sends it all the same')
  expect(page.stderr).not.toContain('force: true')
  await copyFile(path.join(home, 'page.qcow2'), path.join(home, 'kept'))
  await demo('create', 'kept', '--file', path.join(home, 'page.qcow2'), '--force', '--disk-format', 'raw')
  const kept = await demo('download', 'kept', '--output', path.join(home, 'kept'))
  expect(kept.stderr).toContain('replace it with --force')
  expect(kept.stderr).not.toContain('overwrite')
})

test('data that the image service refuses is not a matter of media types', async () => {
  await writeFile(path.join(home, 'zeros.raw'), Buffer.alloc(100_000))
  const file = path.join(home, 'zeros.raw')
  const refused = await demo('create', 'x', '--file', file, '--disk-format', 'qcow2', '--force')
  expect(refused.exitCode).toBe(6)
  expect(errorOf(refused.stderr)).toMatchObject({
    status: 415,
    message: expect.not.stringMatching(/media type/i),
    hint: expect.stringContaining('the server refused the data, not the request'),
  })
})
