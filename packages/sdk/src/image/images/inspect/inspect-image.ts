import { contradicts, type DetectedFormat } from '@tyrax/disk-image'
import { type DataInspection, gather, inspectParts, type PartialData } from '../../../inspect/partial-reader.js'
import type { CallOptions } from '../../../service/call-options.js'
import type { ImageContext } from '../context.js'
import {
  type DataOrigin,
  dataOrigin,
  type OpenData,
  openPart,
  openWhole,
  recordWithData,
} from '../download/open-data.js'
import type { RangeMemory } from '../download/range-memory.js'
import type { Image, ImageRef } from '../image.js'

/** What a look into an image's data tells. */
export interface ImageInspection extends DataInspection {
  readonly image: Image
  /** What the data is, where that cannot be the disk format that the image declares. */
  readonly contradiction?: DetectedFormat
}

/** Looks into the data by parts where the store gives them (Range requests), else into its first 2 MiB. */
export async function inspectImage(
  context: ImageContext,
  ranges: RangeMemory,
  ref: ImageRef,
  options: CallOptions = {},
): Promise<ImageInspection> {
  const image = await recordWithData(context, ref, options)
  const { inspection, head } = await inspectParts(partsOf(dataOrigin(context, ranges, image, options)), {
    diskFormat: image.diskFormat,
    containerFormat: image.containerFormat,
  })
  const isPlain = image.containerFormat === 'bare' && image.diskFormat !== null
  const contradiction = isPlain ? contradicts(image.diskFormat, head) : undefined
  return { ...inspection, image, ...(contradiction !== undefined && { contradiction }) }
}

function partsOf(origin: DataOrigin): PartialData {
  const { image, ranges } = origin
  let whole: OpenData | undefined
  return {
    sizeBytes: image.size ?? undefined,
    async part(start, end) {
      if (image.size === null || ranges.supports(image) === false) return undefined
      const open = await openPart(origin, start, end)
      if (open?.start === start && ranges.supports(image) !== false) return gather(open.body, end - start)
      whole = open
      return undefined
    },
    head: async (length) => gather((whole ?? (await openWhole(origin))).body, length),
  }
}
