import { type Cloud, type ImageCreateParams, UsageError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { withoutUndefined } from '../command/option.js'
import { item, type ItemResult } from '../output/result.js'
import { imageRow } from '../resources/image.js'

interface VolumeFlags {
  readonly volume: string
  readonly diskFormat: string | undefined
  readonly force: boolean | undefined
}

/** Lets Cinder copy a volume into a new image, and waits for it. */
export async function createFromVolume(
  context: Context,
  cloud: Cloud,
  { id, owner, ...fields }: ImageCreateParams,
  { volume, diskFormat, force }: VolumeFlags,
): Promise<ItemResult> {
  if ((id ?? owner) !== undefined) {
    throw new UsageError('--id and --owner are not for --volume: the block storage service creates the image')
  }
  const display = await context.progress(fields.name)
  let isFollowed = false
  const image = await cloud.images.createFromVolume(
    withoutUndefined({
      ...fields,
      containerFormat: fields.containerFormat ?? undefined,
      volume,
      diskFormat,
      force,
      onProgress: display.report.bind(display),
      onPoll(polled: { readonly id: string }) {
        if (!isFollowed) {
          context.note(`the cloud copies the volume, even if this is stopped; to follow: tyrax wait ${polled.id}`)
        }
        isFollowed = true
      },
    }),
  )
  display.done()
  return item(imageRow(image))
}
