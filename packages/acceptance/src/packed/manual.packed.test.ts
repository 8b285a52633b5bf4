import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'

const run = promisify(execFile)

const tyrax = path.join(inject('projects').app, 'node_modules/tyrax')

test('a global install has a man page for every command, and mandoc finds nothing wrong with them', async () => {
  const prefix = await mkdtemp(path.join(tmpdir(), 'tyrax-manual-'))
  try {
    await run('npm', ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--offline', tyrax])
    const folder = path.join(prefix, 'share/man/man1')
    const pages = await readdir(folder)
    expect(pages).toEqual(expect.arrayContaining(['tyrax.1', 'tyrax-list.1', 'tyrax-share.1']))
    await run('mandoc', ['-T', 'lint', '-W', 'error', ...pages.map((page) => path.join(folder, page))])
    const { stdout } = await run('mandoc', ['-T', 'utf8', path.join(folder, 'tyrax-share.1')])
    expect(stdout).toContain('Offers an image to a project')
  } finally {
    await rm(prefix, { recursive: true, force: true })
  }
})
