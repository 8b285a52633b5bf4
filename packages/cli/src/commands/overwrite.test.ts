import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { run } from '../testing/in-process.js'
import { oneCloud } from '../testing/one-cloud.js'

const { home, env } = await oneCloud()
const data = '\u0000data of the cloud'

beforeAll(async () => {
  await tyrax('object', 'container', 'create', 'c')
  await run(home, ['object', 'put', 'c/o', '--file', '-'], { env, stdin: data })
  await run(home, ['create', 'i', '--file', '-', '--disk-format', 'raw'], { env, stdin: data })
})

const tyrax = (...argv: string[]) => run(home, argv, { env })
const text = (file: string) => readFile(path.join(home, file), 'utf8')

// The commands that write a file which the user names.
const commands = [['download i'], ['object get c/o']] as const

beforeEach(async () => {
  await writeFile(path.join(home, 'mine'), 'mine')
})

test.each(commands)('%s leaves a file that is there alone, and says how to replace it', async (line) => {
  const command = line.split(' ')
  const suffix = command.join('-').replace('/', '-')
  const names = ['mine', `linked-${suffix}`, `hard-${suffix}`]
  await symlink('mine', path.join(home, names[1] ?? ''))
  await link(path.join(home, 'mine'), path.join(home, names[2] ?? ''))
  for (const name of names) {
    const { exitCode, stdout, stderr } = await tyrax(...command, '--output', name)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain(`${path.join(home, name)} already exists`)
    expect(stderr).toContain('--force')
    expect(await text(name)).toBe('mine')
  }
  expect(await tyrax(...command, '--output', 'mine', '--force')).toMatchObject({ exitCode: 0 })
  expect(await text('mine')).toBe(data)
  expect(await text(names[2] ?? '')).toBe('mine')
})

test.each(commands)('%s refuses a folder, a device and a link to nothing before it fetches', async (line) => {
  const command = line.split(' ')
  const suffix = command.join('-').replace('/', '-')
  await mkdir(path.join(home, 'folder'), { recursive: true })
  await symlink('nowhere', path.join(home, `dangling-${suffix}`))
  for (const [name, reason] of [
    ['folder', 'is a directory'],
    ['folder/', 'is a directory'],
    ['.', 'is a directory'],
    ['/dev/null', 'is not a regular file'],
    ['missing/file', 'its folder does not exist'],
    [`dangling-${suffix}`, 'is a link to a file that does not exist'],
  ] as const) {
    const { exitCode, stderr } = await tyrax(...command, '--output', name)
    expect({ name, exitCode }).toEqual({ name, exitCode: 1 })
    expect(stderr).toContain(reason)
  }
  expect((await tyrax(...command, '--output', '-')).stdout).toBe(data)
})

test('serve leaves a clouds.yaml alone that it did not write', async () => {
  const folder = path.join(home, 'cloud')
  const file = path.join(folder, 'clouds.yaml')
  const serve = ['serve', '--data', folder, '--port', '0']
  const ended = { signal: AbortSignal.abort('SIGTERM') }
  await run(home, serve, ended)
  await expect(readFile(file)).rejects.toThrow('ENOENT')
  await writeFile(file, 'clouds: {}\n', { mode: 0o600 })
  const refused = await run(home, serve)
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
  expect(refused.stderr).toContain('was not written by tyrax serve')
  expect(await readFile(file, 'utf8')).toBe('clouds: {}\n')
  await writeFile(file, '# Written by tyrax serve, which removes it when it ends.\nclouds: {}\n', { mode: 0o600 })
  await run(home, serve, ended)
  await expect(readFile(file)).rejects.toThrow('ENOENT')
})
