import type { CallOptions } from '../../service/call-options.js'
import { randomUuid } from '../../http/request-id.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { ImageContext } from './context.js'
import type { Image } from './image.js'
import { listImages } from './list.js'

/** What UUIDs of version 8 mean is up to the program that makes them (RFC 9562 section 5.8); these 12 bits are what we put there. */
const mark = '7a5'

/**
 * An id for a record that is made only for the data that follows, and removed when it does not arrive. It can be told
 * from others, so that what a killed process left can be found: a mark that needs no request and no second change.
 */
export function transferId(): string {
  const random = randomUuid()
  return `${random.slice(0, 14)}8${mark}${random.slice(18)}`
}

const marked = new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-8${mark}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

/** What `images.findOrphans` takes. */
export interface OrphanOptions extends CallOptions {
  /**
   * Records that have not changed for so long, in milliseconds. An upload that is still going on looks the same as one
   * that will never be finished: choose more than your longest upload takes.
   * @default 86_400_000, a day
   */
  readonly olderThanMs?: number | undefined
}

/** Records of this project that `create` made for data that never arrived whole. */
export async function findOrphans(context: ImageContext, options: OrphanOptions = {}): Promise<Image[]> {
  const { olderThanMs = 24 * 60 * 60_000, signal } = options
  if (!(olderThanMs >= 0)) throw new UsageError(`olderThanMs is ${olderThanMs}: it must be a number of at least 0`)
  const owner = context.projectId()
  const found: Image[] = []
  for (const osHidden of [false, true]) {
    for (const status of ['queued', 'saving'] as const) {
      for await (const image of listImages(context, { status, owner, osHidden, signal })) {
        const isOld = Date.now() - image.updatedAt.getTime() >= olderThanMs
        if (marked.test(image.id) && isOld && (owner === undefined || image.owner === owner)) found.push(image)
      }
    }
  }
  return found
}
