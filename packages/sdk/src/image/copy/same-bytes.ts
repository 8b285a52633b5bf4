import { maxPageSize } from '@tyrax/protocol'
import type { CallOptions } from '../../service/call-options.js'
import type { ExpectedChecksum } from '../../sources/checksum/expected-checksum.js'
import type { ImageContext } from '../images/context.js'
import { expectedHashes } from '../images/image-hash.js'
import type { Image } from '../images/image.js'
import { listImages } from '../images/list.js'

/** Bytes, as far as they are known. */
export interface KnownBytes {
  readonly size: number | undefined
  readonly hashes: readonly ExpectedChecksum[]
}

export const bytesOf = (image: Image): KnownBytes => ({
  size: image.size ?? undefined,
  hashes: expectedHashes(image),
})

/** Whether an image holds these bytes; undefined when no hash of both can be compared. */
export function holdsBytes(image: Image, { size, hashes }: KnownBytes): boolean | undefined {
  if (size !== undefined && image.size !== null && size !== image.size) return false
  for (const { algorithm, value } of expectedHashes(image)) {
    const other = hashes.find((each) => each.algorithm === algorithm)
    if (other) return other.value === value
  }
  return undefined
}

/** The project's own images of a name that have data, hidden ones included, the oldest first. */
export async function ownImages(context: ImageContext, name: string, { signal }: CallOptions): Promise<Image[]> {
  const owner = context.projectId()
  const lists = [true, false].map((osHidden) =>
    listImages(context, { name, owner, osHidden, limit: maxPageSize, signal }).toArray(),
  )
  const newestFirst = await Promise.all(lists)
  // Answers tell full seconds; the server sorts by more than that, and what is hidden came before what is not.
  return newestFirst
    .flatMap((list) => list.toReversed())
    .filter((image) => (owner === undefined || image.owner === owner) && withData.includes(image.status))
    .toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime())
}
const withData = ['active', 'deactivated']

/** In an order that is the same for every client. */
export const isOlder = (one: Image, other: Image): boolean => byAge(one, other) < 0

const byAge = (one: Image, other: Image): number =>
  one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1)

/** An image under any name that holds the bytes, the oldest of those that can be used. */
export async function imageWithBytes(
  context: ImageContext,
  bytes: KnownBytes,
  { signal }: CallOptions,
): Promise<Image | undefined> {
  for (const { algorithm, value } of bytes.hashes) {
    const filter = algorithm === 'md5' ? { checksum: value } : { osHashValue: value }
    const found = await listImages(context, { ...filter, status: 'active', limit: maxPageSize, signal }).toArray()
    const [oldest] = found.filter((image) => holdsBytes(image, bytes) === true).toSorted(byAge)
    if (oldest) return oldest
  }
  return undefined
}
