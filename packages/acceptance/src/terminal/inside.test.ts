import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { putOnPath } from '../command/tyrax.js'
import { openTerminal } from './terminal.js'

let folder: string
let PATH: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-inside-'))
  PATH = await putOnPath(folder)
  await shown('tyrax create debian-13-generic-amd64-daily --tag lts --property note=x', 80)
  await shown('tyrax create 名前のとても長いディスクイメージの名前', 80)
})
afterAll(async () => {
  await shown('tyrax serve --stop', 80)
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Every byte that a command writes to a terminal of this width, and its exit code. */
async function shown(command: string, columns: number, env: Readonly<Record<string, string>> = {}) {
  using terminal = openTerminal('/bin/sh', ['-c', command], {
    columns,
    cwd: folder,
    env: { PATH, HOME: folder, TERM: 'xterm-256color', LANG: 'C.UTF-8', OS_CLOUD: 'embedded', ...env },
  })
  const code = await terminal.ended
  await terminal.text()
  return { code, raw: terminal.raw() }
}

const lines = ['tyrax list', 'tyrax list -q --long', 'tyrax show debian-13-generic-amd64-daily', 'tyrax show nothing']

test.each([40, 60, 80, 200])(
  'at %d columns a terminal gets the same from a command inside the background process as from one alone',
  async (columns) => {
    const cache = { XDG_CACHE_HOME: path.join(folder, 'inside') }
    for (const line of lines) {
      for (const look of [{}, { NO_COLOR: '1' }]) {
        const inside = await shown(line, columns, { ...look, ...cache })
        // A command for which Node has options runs alone.
        const alone = await shown(line, columns, { ...look, NODE_OPTIONS: '--no-deprecation' })
        expect({ line, ...inside }).toEqual({ line, ...alone })
      }
    }
    // A command that loads the command line leaves its compiled code there.
    await expect(access(cache.XDG_CACHE_HOME)).rejects.toThrow('ENOENT')
  },
)
