import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startScript } from '@tyrax/testkit'
import { expect, inject, test } from 'vitest'

const { cli } = inject('projects')
const node = { name: 'node', command: process.execPath, args: [] } as const
const tyrax = path.join(cli, 'node_modules', 'tyrax', 'bin', 'tyrax.js')

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => (await lstat(path.join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('the command line is one package of a few MiB', async () => {
  const modules = path.join(cli, 'node_modules')
  expect((await readdir(modules)).filter((name) => !name.startsWith('.'))).toEqual(['tyrax'])
  expect(await sizeOf(modules)).toBeLessThan(12 * 2 ** 20)
})

async function listEmbedded() {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-packed-home-'))
  const env = { HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, OS_CLOUD: 'embedded' }
  const run = (...argv: string[]) => startScript(node, [tyrax, ...argv], { env, cwd: home }).ended
  try {
    return await run('list', '-f', 'json')
  } finally {
    await run('serve', '--stop')
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined

test('it runs the embedded cloud on the SQLite of Node, or tells what to install', async () => {
  const hint = expect.stringContaining('npm install -g @photostructure/sqlite') as unknown
  const expected = hasSqlite ? { exitCode: 0, stdout: '[]\n' } : { exitCode: 1, stderr: hint }
  expect(await listEmbedded()).toMatchObject(expected)
})
