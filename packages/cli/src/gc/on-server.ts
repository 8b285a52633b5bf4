import { type Cloud, isForbidden, isNotFound } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { wireTime } from '../output/cells.js'
import { imageRow } from '../resources/image.js'
import type { Leftover } from './leftover.js'

/** Records that `create` made for data that never arrived completely. */
export async function imagesLeft(cloud: Cloud, olderThanMs: number, signal: AbortSignal): Promise<Leftover[]> {
  const orphans = await cloud.images.findOrphans({ olderThanMs, signal })
  return orphans.map((image) => ({
    label: image.id,
    row: { kind: 'image', ...imageRow(image) },
    remove: () => cloud.images.delete(image, { signal }),
  }))
}

const suffix = '_segments'

/** Segments that belong to no object, in the containers that tyrax and Swift's client put them into. */
export async function segmentsLeft(context: Context, cloud: Cloud, olderThanMs: number): Promise<Leftover[]> {
  const { signal } = context
  if ((await cloud.endpoints()).objectStore === undefined) return []
  const found: Leftover[] = []
  try {
    for await (const { name } of cloud.objects.listContainers({ signal })) {
      if (!name.endsWith(suffix) || name === suffix) continue
      const container = name.slice(0, -suffix.length)
      for (const segment of await cloud.objects.findOrphanSegments(container, { olderThanMs, signal })) {
        found.push({
          label: `${segment.container}/${segment.name}`,
          row: {
            kind: 'segment',
            id: null,
            name: segment.name,
            container: segment.container,
            size: segment.bytes,
            updated_at: wireTime(segment.lastModified),
          },
          remove: () => cloud.objects.delete(segment.container, segment.name, { signal }),
        })
      }
    }
  } catch (error) {
    if (!isForbidden(error) && !isNotFound(error)) throw error
    context.warn(`segments in object storage cannot be looked for: ${error.message}`)
  }
  return found
}
