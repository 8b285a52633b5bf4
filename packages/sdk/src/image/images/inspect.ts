import { contradicts, type DetectedFormat } from '@tyrax/disk-image'
import { type DataInspection, gather, inspectParts, type PartialData } from '../../inspect/partial-reader.js'
import type { CallOptions } from '../../service/call-options.js'
import type { OpenBody } from '../../transfer/resumable-read.js'
import type { ImageContext } from './context.js'
import {
  type ImageData,
  imageData,
  openRange,
  openWhole,
  type RangeMemory,
  recordWithData,
} from './download/image-data.js'
import type { Image, ImageRef } from './image.js'

/** The result of inspecting an image's data. */
export interface ImageInspection extends DataInspection {
  readonly image: Image
  /** The detected format, when it contradicts the disk format that the image declares. */
  readonly contradiction?: DetectedFormat
}

/** Inspects the data by ranges where the store supports them (Range requests), otherwise its first 2 MiB. */
export async function inspectImage(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: CallOptions = {},
): Promise<ImageInspection> {
  const image = await recordWithData(context, ref, options)
  const { inspection, head } = await inspectParts(partsOf(imageData(context, ranges, image, options)), {
    diskFormat: image.diskFormat,
    containerFormat: image.containerFormat,
  })
  const isPlain = image.containerFormat === 'bare' && image.diskFormat !== null
  const contradiction = isPlain ? contradicts(image.diskFormat, head) : undefined
  return { ...inspection, image, ...(contradiction !== undefined && { contradiction }) }
}

function partsOf(data: ImageData): PartialData {
  const { image, ranges } = data
  let whole: OpenBody | undefined
  return {
    sizeBytes: image.size ?? undefined,
    async part(start, end) {
      if (image.size === null || ranges.supports(image) === false) return undefined
      const open = await openRange(data, { start, end })
      if (open?.start === start && ranges.supports(image) !== false) return gather(open.body, end - start)
      whole = open
      return undefined
    },
    head: async (length) => gather((whole ?? (await openWhole(data))).body, length),
  }
}
