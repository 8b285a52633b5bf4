import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createBlobStore } from '../blobs/create-blob-store.js'
import { defaultCloudConfig } from '../config/defaults.js'
import type { ServiceContext } from '../context.js'
import { openDatabase } from '../database/database.js'
import { silent } from '../log.js'
import { newImage } from './testing/stock-fields.js'
import { createImageRepository } from './images/image-repository.js'
import { createGlance } from './index.js'

const record = {
  ...newImage({ name: 'interrupted', disk_format: 'raw', container_format: 'bare' }),
  id: 'c6b1c2a5-6f0f-4a6e-9d1b-0a3c5f1f0a11',
  owner: 'p1',
  status: 'queued',
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
  size: null,
  virtual_size: null,
  created_at: 1,
  updated_at: 1,
  locations: [],
} as const

test('an upload that a crash interrupted is back in queued, and bytes without a record are found', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-sweep-'))
  const blobs = createBlobStore(folder)
  const db = openDatabase(':memory:')
  const context: ServiceContext = {
    db,
    blobs,
    config: defaultCloudConfig,
    log: silent,
    tokens: { verify: () => undefined },
    baseUrl: () => '',
    publicUrl: undefined,
    now: () => new Date(),
  }
  try {
    createGlance(context)
    const images = createImageRepository(db)
    const whole = { ...record, id: 'c6b1c2a5-6f0f-4a6e-9d1b-0a3c5f1f0a12' }
    for (const image of [record, whole]) {
      images.insert(image)
      images.move(image.id, 'queued', 'saving', 2)
    }
    const write = (text: string) =>
      blobs.write(
        (async function* () {
          yield Buffer.from(text)
        })(),
      )
    const kept = await write('kept')
    const data = {
      size: 4,
      virtual_size: 4,
      checksum: kept.md5,
      os_hash_algo: 'sha512',
      os_hash_value: '',
      store: null,
    }
    await kept.publish(() => {
      images.activate(whole.id, { ...data, blobKey: kept.key }, 3)
    })
    const orphan = await write('published, but its record never came')
    await orphan.publish(() => undefined)

    const restarted = createGlance(context)
    await restarted.sweep?.()
    const orphans = await blobs.findOrphans((key) => restarted.usesBlob?.(key) === true)
    expect(images.find(record.id)).toMatchObject({ status: 'queued', size: null })
    expect(images.find(whole.id)).toMatchObject({ status: 'active', size: 4 })
    expect(orphans.map(({ file }) => path.basename(file))).toEqual([orphan.key])
    expect([await blobs.has(kept.key), await blobs.has(orphan.key)]).toEqual([true, true])
  } finally {
    db.close()
    await blobs.close()
    await rm(folder, { recursive: true, force: true })
  }
})
