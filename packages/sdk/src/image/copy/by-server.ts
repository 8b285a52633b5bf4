import { IntegrityError } from '../../errors/transfer-errors.js'
import type { Verdict } from '../../transfer/verdict.js'
import { type CreatedImage, createRecord } from '../images/create.js'
import type { ImageContext } from '../images/context.js'
import { expectedHashes, unverifiable } from '../images/image-hash.js'
import type { Image } from '../images/image.js'
import { transferId } from '../images/orphans.js'
import { removeAfterFailure } from '../images/upload/after-failure.js'
import { finish } from '../images/upload/reveal.js'
import { importImage } from '../imports/import-image.js'
import type { PollClock } from '../wait/poll-clock.js'
import type { ChosenWay, CopyEnds } from './choose-copy-way.js'
import type { ImageCopyOptions } from './copy-options.js'
import type { PreparedCopy } from './plan-copy.js'
import { bytesOf, holdsBytes } from './same-bytes.js'

/** The destination fetches the data from the original's region. The copy is removed when that fails or is stopped. */
export async function copyByServer(
  { to }: CopyEnds,
  clock: PollClock,
  { source, fields }: PreparedCopy,
  { region }: ChosenWay,
  { stores, requireVerified, onProgress, signal }: ImageCopyOptions,
): Promise<CreatedImage> {
  const hidden = { ...fields, diskFormat: source.diskFormat, protected: false, osHidden: true }
  const { id } = await createRecord(to, hidden, transferId(), { signal })
  try {
    await importImage(to, clock, id, {
      method: 'glance-download',
      glanceRegion: region,
      glanceImageId: source.id,
      stores,
      wait: true,
      onProgress,
      signal,
    })
  } catch (error) {
    await removeAfterFailure(to, id, error)
    throw error
  }
  // The server copies some properties by itself, among them such as were left out.
  const { protected: isProtected, osHidden, properties } = fields
  const image = await finish(to, id, { protected: isProtected, osHidden, properties }, { signal })
  try {
    return { ...image, verdict: compared(source, image, requireVerified) }
  } catch (error) {
    await removeAfterFailure(to, id, error)
    throw error
  }
}

/** @throws IntegrityError when the server stored something else */
function compared(source: Image, image: Image, requireVerified: boolean | undefined): Verdict {
  const isSame = holdsBytes(image, bytesOf(source))
  if (isSame === false) {
    const [expected, actual] = [source, image].map((each) => expectedHashes(each)[0]?.value ?? `${each.size} bytes`)
    const details = { what: 'hash', expected: expected ?? '', actual: actual ?? '' }
    throw new IntegrityError(`the copy ${image.id} does not have the bytes of ${source.id}`, details)
  }
  if (isSame) return 'verified'
  if (requireVerified === true) throw unverifiable(image)
  return 'unverifiable'
}

/** The server copies an image to further stores of its own. */
export async function copyToStores(
  context: ImageContext,
  clock: PollClock,
  source: Image,
  stores: readonly string[],
  { onProgress, signal }: ImageCopyOptions,
): Promise<{ readonly image: Image; readonly verdict: Verdict; readonly bytes: number }> {
  const { image } = await importImage(context, clock, source, {
    method: 'copy-image',
    stores,
    wait: true,
    onProgress,
    signal,
  })
  // Every store of an image holds what its one hash says (glance/async_/flows/api_image_import.py).
  return { image, verdict: 'verified', bytes: 0 }
}
