import { randomFillSync } from 'node:crypto'
import { type Cloud, fromStream } from '@tyrax/sdk'
import { type Finding, ok } from './check.js'

const chunkBytes = 1024 * 1024

/** Uploads an image of random data, downloads it, and deletes it again whatever happens. */
export async function checkSpeed(cloud: Cloud, bytes: number, signal: AbortSignal): Promise<Omit<Finding, 'check'>[]> {
  const { images } = cloud
  const name = `tyrax-doctor-${Date.now().toString(36)}`
  let begun = performance.now()
  const data = fromStream(randomData(bytes), { size: bytes })
  const image = await images.create({ name, data, diskFormat: 'raw', visibility: 'private', force: true, signal })
  try {
    const up = performance.now() - begun
    begun = performance.now()
    const { stream } = await images.download(image, { signal })
    for await (const _ of stream);
    const down = performance.now() - begun
    return [ok(`upload ${rate(bytes, up)}`), ok(`download ${rate(bytes, down)}`)]
  } finally {
    await images.delete(image)
  }
}

/** Random, because nothing on the way can compress it. */
function randomData(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close()
      const chunk = randomFillSync(new Uint8Array(Math.min(left, chunkBytes)))
      left -= chunk.byteLength
      controller.enqueue(chunk)
    },
  })
}

function rate(bytes: number, ms: number): string {
  return `${(bytes / 2 ** 20 / (ms / 1000)).toFixed(1)} MiB/s`
}
