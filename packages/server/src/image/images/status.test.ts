import { canTransition, type KnownImageStatus } from '@tyrax/protocol'
import * as fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createBlobStore } from '../../blobs/create-blob-store.js'
import { defaultCloudConfig } from '../../config/defaults.js'
import type { Caller } from '../../context.js'
import { migrate, openDatabase } from '../../database/database.js'
import { silent } from '../../log.js'
import { createActionService } from '../actions/action-service.js'
import { createDataService } from '../data/data-service.js'
import { Refusal } from '../../refusal.js'
import { imageMigrations } from '../migrations.js'
import { risingClock } from './clock.js'
import { newImage } from '../testing/stock-fields.js'
import { createImageRepository } from './image-repository.js'
import { createLocations } from '../locations/locations.js'
import { createUsageRepository } from '../usage/usage-repository.js'
import { createUsageService } from '../usage/usage-service.js'
import { createImageService } from './image-service.js'

const owner: Caller = {
  token: 't',
  userId: 'u',
  userName: 'u',
  projectId: 'p1',
  projectName: 'project',
  domainId: undefined,
  roles: ['member', 'reader'],
  isAdmin: false,
  accessRules: [],
  expiresAt: new Date(0),
}

test('whatever is done to an image, its status moves along the table', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-status-'))
  const blobs = createBlobStore(folder)
  const db = openDatabase(':memory:')
  try {
    migrate(db, imageMigrations)
    const config = defaultCloudConfig.image
    const clock = risingClock(() => new Date())
    const repository = createImageRepository(db)
    const usage = createUsageService(config.quotas, () => createUsageRepository(db))
    const locations = createLocations(blobs, config)
    const images = createImageService({
      repository,
      blobs,
      config,
      usage,
      protections: undefined,
      locations,
      clock,
      log: silent,
    })
    const data = createDataService({ images, repository, blobs, cache: undefined, config, locations, usage, clock })
    const actions = createActionService({ images, repository, clock })
    const upload = (id: string, parts: readonly string[], fails: boolean, seen: () => void) =>
      data.upload(owner, id, {
        declaredSize: undefined,
        store: undefined,
        bytes: (async function* () {
          for (const part of parts) {
            seen()
            yield Buffer.from(part)
          }
          if (fails) throw new Refusal('invalid', 'the client went away')
        })(),
      })
    const steps = {
      upload: (id: string, seen: () => void) => upload(id, ['one', 'two'], false, seen),
      'failing upload': (id: string, seen: () => void) => upload(id, ['one'], true, seen),
      deactivate: async (id: string) => actions.run(owner, id, 'deactivate'),
      reactivate: async (id: string) => actions.run(owner, id, 'reactivate'),
      delete: (id: string) => images.delete(owner, id),
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])), { maxLength: 8 }),
        async (names) => {
          const { id } = images.create(owner, newImage({ disk_format: 'raw', container_format: 'bare' }))
          const statuses: KnownImageStatus[] = ['queued']
          const seen = () => {
            const status = repository.find(id)?.status ?? 'deleted'
            if (status !== statuses.at(-1)) statuses.push(status)
          }
          for (const name of names) {
            const outcome: unknown = await steps[name](id, seen).catch((error: unknown) => error)
            expect(outcome === undefined || outcome instanceof Refusal).toBe(true)
            seen()
          }
          const moves = statuses.slice(1).map((to, at) => [statuses[at] ?? to, to] as const)
          expect(moves.filter(([from, to]) => !canTransition(from, to))).toEqual([])
          expect(statuses.at(-1)).not.toBe('saving')
        },
      ),
      { numRuns: 40 },
    )
  } finally {
    db.close()
    await blobs.close()
    await rm(folder, { recursive: true, force: true })
  }
})
