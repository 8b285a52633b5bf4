import { importProperties } from '@tyrax/protocol'
import { createDiscard } from '../data/discarded-data.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ServerChange } from '../images/server-change.js'
import type { ImageParts } from '../parts.js'
import type { TaskOutcome } from '../tasks/task-repository.js'
import type { ImportRepository } from './import-repository.js'

/** The image that a running task holds: no other task can change its data. It may be deleted at any time. */
export interface HeldImage {
  readonly id: string
  /** @throws ImageLost */
  read(): ImageRecord
  /** Makes one step. @throws ImageLost */
  change(step: ServerChange): void
  /**
   * Makes the last step, releases the image, and ends the task, in one transaction.
   * @returns the keys of blobs that the image no longer uses, for `discard`
   * @throws ImageLost
   */
  end(step: ServerChange, outcome: TaskOutcome): readonly string[]
  discard(keys: readonly string[]): Promise<void>
}

/** The image was deleted while a task worked on it. */
export class ImageLost extends Error {
  override readonly name = 'ImageLost'

  constructor() {
    super('Image has been deleted, aborting import.')
  }
}

type HoldParts = Pick<ImageParts, 'repository' | 'blobs' | 'clock' | 'log'>

export function holdImage(
  parts: HoldParts & { readonly imports: ImportRepository },
  taskId: string,
  imageId: string,
): HeldImage {
  const { repository, imports, clock } = parts
  const discard = createDiscard(parts)
  return {
    id: imageId,
    read() {
      const image = repository.find(imageId)
      if (image?.properties[importProperties.task] !== taskId) throw new ImageLost()
      return image
    },
    change(step) {
      if (!imports.change(taskId, imageId, step, clock()).isChanged) throw new ImageLost()
    },
    end(step, outcome) {
      const { isChanged, discarded } = imports.end(taskId, imageId, step, outcome, clock())
      if (!isChanged) throw new ImageLost()
      return discarded
    },
    discard,
  }
}

/** How often a running task checks whether its image still exists. */
const checkMilliseconds = 500

/** A signal that is also aborted when the image is deleted, so that nothing is read for an image that is gone. */
export function abortIfLost(
  closing: AbortSignal,
  held: HeldImage,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const lost = new AbortController()
  const timer = setInterval(() => {
    try {
      held.read()
    } catch (error) {
      lost.abort(error)
    }
  }, checkMilliseconds)
  timer.unref()
  return { signal: AbortSignal.any([closing, lost.signal]), stop: () => clearInterval(timer) }
}

/** The stores in one of the lists that an import keeps in the image's properties. */
export function storesIn(image: ImageRecord, list: 'importing' | 'failed'): string[] {
  return (image.properties[importProperties[list]] ?? '').split(',').filter((store) => store !== '')
}

/** The two lists after stores were added or removed, sorted as in Glance. */
export function storeLists(lists: {
  readonly importing: Iterable<string | null>
  readonly failed: Iterable<string | null>
}): Record<string, string> {
  const join = (stores: Iterable<string | null>) => [...new Set([...stores].flatMap((s) => s ?? []))].sort().join(',')
  return { [importProperties.importing]: join(lists.importing), [importProperties.failed]: join(lists.failed) }
}
