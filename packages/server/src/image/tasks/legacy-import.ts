import { importProperties } from '@tyrax/protocol'
import { defaultStore } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import { createDiscard } from '../data/discarded-data.js'
import { invalid } from '../errors.js'
import { parseNewImage } from '../images/fields/new-image.js'
import { holdImage } from '../imports/held-image.js'
import { createImportRepository } from '../imports/import-repository.js'
import { readyBytes } from '../imports/store-bytes.js'
import { filterUrl } from '../imports/web/import-filter.js'
import { openUrl } from '../imports/web/open-url.js'
import type { ImageParts } from '../parts.js'
import type { TaskOutcome } from './task-repository.js'
import type { RunningTask } from './task-service.js'

type Input = Readonly<Record<string, unknown>>

/** The oldest way to import: a task that creates an image and downloads its data. */
export interface LegacyImport {
  /** Checks where the bytes are (glance/common/scripts/utils.py `validate_legacy_import_from_uri`). @throws invalid */
  requireSource(input: Input): Promise<void>
  /** Creates the image without an owner, as Glance does, and fills it. After a failure there is no image. */
  run(input: Input, caller: Caller, running: RunningTask): Promise<TaskOutcome>
}

export function createLegacyImport(parts: ImageParts): LegacyImport {
  const { images, repository, db, config, clock, fieldSchemas } = parts
  const { importFilter: filter, importIdleSeconds, defaultVisibility } = config
  const imports = createImportRepository(db)
  const discard = createDiscard(parts)

  const fill = async (imageId: string, uri: string, running: RunningTask): Promise<TaskOutcome> => {
    const held = holdImage({ ...parts, imports }, running.id, imageId)
    const { signal } = running
    const source = await openUrl(uri, { filter, idleMilliseconds: importIdleSeconds * 1000, signal })
    const options = { parts, image: held.read(), signal, onProgress: () => undefined }
    const ready = await readyBytes({ kind: 'stream', ...source }, options)
    const outcome: TaskOutcome = { status: 'success', result: { image_id: imageId } }
    try {
      await ready.put(defaultStore(config.stores)?.id ?? null, (put) => {
        held.end({ ...put, status: 'active', ...(ready.data && { data: ready.data }) }, outcome)
      })
    } finally {
      await ready.discard()
    }
    return outcome
  }

  return {
    async requireSource({ import_from }) {
      if (typeof import_from !== 'string' || import_from === '') throw invalid('Invalid location: None')
      if (/^file(?:system)?:\/\/\//.test(import_from)) {
        throw invalid('File based imports are not allowed. Please use a non-local source of image data.')
      }
      if (!/^https?:\/\//.test(import_from)) {
        throw invalid(
          `The given uri is not valid. Please specify a valid uri from the following list of supported uri ['http']`,
        )
      }
      if ((await filterUrl(import_from, filter)) === undefined) {
        throw invalid(`URI for legacy import task does not pass filtering: ${import_from}`)
      }
    },
    async run(input, caller, running) {
      for (const key of ['import_from', 'import_from_format', 'image_properties']) {
        if (!Object.hasOwn(input, key)) throw new Error(`Input does not contain '${key}' field`)
      }
      const wanted = parseNewImage(input['image_properties'], fieldSchemas, defaultVisibility)
      if (!wanted.disk_format || !wanted.container_format) {
        throw new Error(`image_properties needs 'disk_format' and 'container_format'`)
      }
      const { id } = images.create(caller, { ...wanted, owner: null })
      const lock = { [importProperties.task]: running.id }
      repository.change(id, { from: ['queued'], status: 'importing', properties: lock }, clock())
      try {
        return await fill(id, String(input['import_from']), running)
      } catch (error) {
        if (repository.find(id) !== undefined) await discard(repository.remove(id, clock()))
        throw error
      }
    },
  }
}
