import { isConflict, isNotFound } from '../../errors/guards.js'
import { ImageStatusError } from '../../errors/image-errors.js'
import { randomUuid } from '../../http/request-id.js'
import { mayHaveBeenDone } from '../../retry/failures.js'
import { sleep } from '../../retry/sleep.js'
import type { ImageContext } from '../images/context.js'
import { createRecord } from '../images/create.js'
import type { ImageFields } from '../images/create-body.js'
import { getImage } from '../images/get.js'
import type { Image } from '../images/image.js'
import { transferIdOf } from '../images/orphans.js'
import { removeAfterFailure } from '../images/upload/after-failure.js'

/** On a record whose data is on its way, so that its maker recognises it; removed when the image is complete. */
export const marker = 'tyrax_ensure'

/** Ids of deleted images stay taken: how many of one day to try. */
const mostDeleted = 1000
/** Pause between two looks at a record that another call fills, in milliseconds. */
const pauseMs = 500
/**
 * How long a call whose data did not arrive may take to send it again, or to remove its record, in milliseconds; a killed
 * process does neither. Should it go on later, the server lets only one of the two in.
 */
const brokenMs = 5000

/**
 * Creates the record for a new image. Calls that begin with the same images of the name compute the same id, and the
 * server lets only one of them create it: the others wait until its image is complete, or it has failed.
 * @param before the images of the name that are there now
 * @returns the id to send the data to; undefined when the images of the name have changed
 */
export async function claimRecord(
  context: ImageContext,
  fields: ImageFields,
  before: readonly Image[],
  { staleMs, signal }: { readonly staleMs: number; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const ids = before.map(({ id }) => id).toSorted()
  // By day, so that images that come and go do not leave ever more ids to try.
  const day = new Date().toISOString().slice(0, 10)
  for (let turn = 0; turn < mostDeleted; turn += 1) {
    const id = await idOf(context, [context.projectId() ?? '', fields.name, day, turn, ...ids])
    if (await isOurs(context, fields, id, signal)) return id
    const found = await getImage(context, id, { signal }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
    if (found) return waitForOther(context, found, staleMs, signal)
  }
  throw new ImageStatusError(`too many images called ${fields.name} were deleted today`, 'deleted')
}

async function idOf({ platform }: ImageContext, parts: readonly unknown[]): Promise<string> {
  const hash = await platform.createHash(['sha256'])
  await hash.update(new TextEncoder().encode(JSON.stringify(parts)))
  const { sha256 } = await hash.digest()
  return transferIdOf(sha256 ?? '')
}

/** POST /v2/images with this id. False: it is taken. */
async function isOurs(
  context: ImageContext,
  fields: ImageFields,
  id: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const nonce = randomUuid()
  const properties = { ...fields.properties, [marker]: nonce }
  try {
    await createRecord(context, { ...fields, id, properties }, id, { signal })
    return true
  } catch (error) {
    if (isConflict(error)) return false
    if (!mayHaveBeenDone(error)) throw error
    const made = await getImage(context, id, { signal: AbortSignal.timeout(lookingMs) }).catch(() => undefined)
    if (made?.properties[marker] !== nonce) throw error
    if (!signal?.aborted) return true
    await removeAfterFailure(context, id, error)
    throw error
  }
}
const lookingMs = 10_000

/** @returns the id when the other call seems to have ended without sending anything; undefined when it is done */
async function waitForOther(
  context: ImageContext,
  found: Image,
  staleMs: number,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { id } = found
  let last = found
  let since = performance.now()
  let hasBegun = false
  for (;;) {
    hasBegun ||= last.status === 'saving' || isChanged(last)
    if (last.status === 'active' || last.status === 'deactivated') return undefined
    const isBroken = hasBegun && last.status === 'queued'
    if (performance.now() - since > (isBroken ? Math.min(brokenMs, staleMs) : staleMs)) {
      if (last.status === 'queued') return id
      throw new ImageStatusError(`the image ${id} of another call has been ${last.status} for too long`, last.status, {
        hint: 'look at it, and delete it if no other call sends it',
      })
    }
    await sleep(Math.min(pauseMs, staleMs), signal)
    const now = await getImage(context, id, { signal }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
    if (!now) return undefined
    // Data that is being sent changes nothing that could be seen: only a record without data goes stale.
    if (now.status === 'saving' || now.updatedAt.getTime() !== last.updatedAt.getTime()) since = performance.now()
    last = now
  }
}

/** A record changes when the server begins to store its data, and again when the data does not arrive. */
const isChanged = ({ createdAt, updatedAt }: Image): boolean => updatedAt.getTime() > createdAt.getTime()
