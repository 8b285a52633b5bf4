import type { ImageContext } from '../context.js'
import type { Image, ImageRef } from '../image.js'
import type { TransferOptions } from '../upload/options.js'
import { openData, recordWithData } from './open-data.js'
import { verifiedData } from './verified-data.js'

/** An image's data, to be read by the caller. */
export interface ImageDownload {
  /** Errors at its end with an IntegrityError when size or hash are not the image's. Cancel it to stop. */
  readonly stream: ReadableStream<Uint8Array>
  /** As it was when the download began. */
  readonly image: Image
}

/** The data as a stream that is fetched as fast as it is read. */
export async function downloadStream(
  context: ImageContext,
  ref: ImageRef,
  options: TransferOptions,
): Promise<ImageDownload> {
  const image = await recordWithData(context, ref, options)
  const response = await openData(context, image, options)
  const data = verifiedData(context.platform, image, response.body, options.onProgress)
  return { image, stream: toWebStream(data) }
}

function toWebStream(data: AsyncGenerator<Uint8Array, unknown, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const result = await data.next()
        if (result.done) controller.close()
        else controller.enqueue(result.value)
      },
      async cancel() {
        await data.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
