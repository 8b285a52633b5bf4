import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, isOverLimit } from '@tyrax/sdk'
import { expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { filesBelow } from './files-below.js'
import { startServe } from './serve-process.js'

const MiB = 1024 * 1024

/** Creates a small disk, which only root can do; that is why this is a live suite. */
async function withSmallDisk(sizeMiB: number, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-disk-'))
  const run = (command: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
  }
  run('mount', '-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder)
  try {
    await work(folder)
  } finally {
    run('umount', folder)
    await rm(folder, { recursive: true })
  }
}

test('a disk that is full is said so, keeps no part of the image, and what was there stays', async () => {
  await withSmallDisk(16, async (folder) => {
    const data = path.join(folder, 'cloud')
    await mkdir(data)
    const server = await startServe('--data', data)
    const cloud = await connect({
      auth: {
        authUrl: server.authUrl,
        username: 'demo',
        password: 'secret',
        projectName: 'demo',
        userDomainName: 'Default',
        projectDomainName: 'Default',
      },
    })
    try {
      const small = await cloud.images.create({ name: 'small', diskFormat: 'raw', data: randomDisk(2 * MiB) })
      const used = await largeFiles(data)

      const error = await cloud.images
        .create({ name: 'big', diskFormat: 'raw', data: randomDisk(32 * MiB) })
        .catch((reason: unknown) => reason)
      expect(isOverLimit(error)).toBe(true)
      expect(String(error)).toMatch(/space|full/i)

      expect((await cloud.images.listAll()).map(({ name, status }) => [name, status])).toEqual([['small', 'active']])
      expect(await largeFiles(data)).toEqual(used)
      const { verdict } = await cloud.images.download(small.id, { to: path.join(folder, 'copy') })
      expect(verdict).toBe('verified')
    } finally {
      await cloud.close()
      await server.stop()
    }
  })
})

/** The sizes of files that hold data of images; the database's log may be as large. */
async function largeFiles(folder: string): Promise<number[]> {
  const files = [...(await filesBelow(folder))].filter(([name]) => !name.endsWith('-wal'))
  return files.map(([, size]) => size).filter((size) => size >= MiB)
}
