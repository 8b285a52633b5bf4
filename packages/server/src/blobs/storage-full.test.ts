import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'

// A limit on file sizes simulates a full disk, because the system refuses the write in the same way. It needs a
// separate process, which runs the built package.
const built = new URL('../../dist/blobs/create-blob-store.js', import.meta.url).href
const limited = process.platform === 'linux' || process.platform === 'darwin'

test.runIf(limited)('a disk that fills up is one error, and leaves no file', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-full-'))
  try {
    const script = `
      const { createBlobStore } = await import(${JSON.stringify(built)})
      const store = createBlobStore(${JSON.stringify(path.join(folder, 'store'))})
      async function* bytes() { for (let i = 0; i < 200; i += 1) yield Buffer.alloc(65536) }
      const error = await store.write(bytes(), { hash: 'sha512' }).catch((error) => error)
      await store.close()
      process.stdout.write(error.name)
    `
    const shell = `trap '' XFSZ; ulimit -f 8000; exec "$0" --input-type=module -e "$1"`
    const ran = spawnSync('sh', ['-c', shell, process.execPath, script], { encoding: 'utf8' })
    expect([ran.stdout, ran.stderr]).toEqual(['BlobStorageFull', ''])
    expect(await readdir(path.join(folder, 'store', 'tmp'))).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
