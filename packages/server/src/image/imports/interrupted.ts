import type { ImageParts } from '../parts.js'
import { createDiscard } from '../data/discarded-data.js'
import { storeLists, storesIn } from './held-image.js'
import { createImportRepository } from './import-repository.js'

/**
 * Ends what a stop of the server interrupted: tasks have failed, images are released, images without all of their data
 * are back in `queued`, and bytes that no image uses are removed. Staged bytes remain, and can still be imported.
 */
export async function endInterrupted(parts: ImageParts): Promise<void> {
  const { repository, db, clock, log } = parts
  const imports = createImportRepository(db)
  const requeued = repository.requeueInterrupted(clock())
  if (requeued > 0) log.info({ requeued }, 'interrupted uploads and imports went back to queued')
  for (const task of imports.unfinished()) {
    const outcome = { status: 'failure', message: 'The server stopped while this task was running.' } as const
    const image = repository.find(imports.heldBy(task.id) ?? '')
    if (image === undefined) {
      imports.fail(task.id, outcome, clock())
      continue
    }
    const importing = storesIn(image, 'importing')
    const properties = storeLists({ importing: [], failed: [...storesIn(image, 'failed'), ...importing] })
    imports.end(task.id, image.id, { properties: importing.length === 0 ? {} : properties }, outcome, clock())
    // Such a task created its image, whose id no client knows yet.
    if (task.type === 'import') repository.remove(image.id, clock())
    log.info({ task: task.id, image: image.id }, 'an interrupted task has failed')
  }
  await createDiscard(parts)(repository.discarded())
}
