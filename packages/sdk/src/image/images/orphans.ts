import type { CallOptions } from '../../service/call-options.js'
import { randomUuid } from '../../http/request-id.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { ImageContext } from './context.js'
import type { Image } from './image.js'
import { listImages } from './list.js'

/**
 * The program that makes a UUID of version 8 decides what its bits mean (RFC 9562 section 5.8); these 12 bits are our
 * mark.
 */
const mark = '7a5'

/**
 * An id for a record that is created only for the data that follows, and removed when the data does not arrive. The
 * mark in it identifies what a killed process left behind, without another request or another change of the record.
 */
export function transferId(): string {
  return marked(randomUuid())
}

/** The same, derived from a hex digest: equal digests give equal ids. */
export function transferIdOf(digest: string): string {
  const [, ...groups] = /^(.{8})(.{4})(.{4}).(.{3})(.{12})/.exec(digest) ?? []
  return marked([...groups.slice(0, 3), `8${groups[3]}`, groups[4]].join('-'))
}

const marked = (uuid: string): string => `${uuid.slice(0, 14)}8${mark}${uuid.slice(18)}`

const isMarked = new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-8${mark}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

/** What `images.findOrphans` takes. */
export interface OrphanOptions extends CallOptions {
  /**
   * Only records that have not changed for this long, in milliseconds. An upload that is still running looks the same
   * as one that will never be finished: choose longer than your longest upload takes.
   * @default 86_400_000, a day
   */
  readonly olderThanMs?: number | undefined
}

/** Finds records of this project that `create` made for data that never arrived completely. */
export async function findOrphans(context: ImageContext, options: OrphanOptions = {}): Promise<Image[]> {
  const { olderThanMs = 24 * 60 * 60_000, signal } = options
  if (!(olderThanMs >= 0)) throw new UsageError(`olderThanMs is ${olderThanMs}: it must be a number of at least 0`)
  const owner = context.projectId()
  const found: Image[] = []
  for (const osHidden of [false, true]) {
    for (const status of ['queued', 'saving'] as const) {
      for await (const image of listImages(context, { status, owner, osHidden, signal })) {
        const isOld = Date.now() - image.updatedAt.getTime() >= olderThanMs
        if (isMarked.test(image.id) && isOld && (owner === undefined || image.owner === owner)) found.push(image)
      }
    }
  }
  return found
}
