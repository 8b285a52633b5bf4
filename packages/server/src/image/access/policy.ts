import type { Caller, TokenVerifier } from '../../context.js'
import { forbidden, imageNotFound, notAuthorized } from '../errors.js'
import type { ImageRecord } from '../images/image-record.js'

/**
 * Who may do what to which image: the default rules of a stock Glance (glance/policies/image.py,
 * glance/policies/base.py). Reading needs the role reader, writing and downloading need the role member, both in the
 * token's project; the role admin may do everything.
 */

/**
 * Callers as these rules see them. They know project scope alone (`scope_types` of every policy, which oslo.policy
 * enforces by default): roles in a domain or in the whole system count for nothing.
 */
export function projectTokens(tokens: TokenVerifier): TokenVerifier {
  return {
    verify(token) {
      const caller = tokens.verify(token)
      return caller?.projectId === undefined && caller ? { ...caller, roles: [], isAdmin: false } : caller
    },
  }
}

/** The fields of an image that these rules depend on. */
export type Subject = Pick<ImageRecord, 'id' | 'owner' | 'visibility'>

/**
 * Whether the caller can see the image at all (glance/db/utils.py `is_image_visible`, policy `get_image`). A member
 * sees a shared image whatever its member status is.
 * @param isMember whether the caller's project is a member of the image; only called if it matters
 */
export function canSee(caller: Caller, image: Subject, isMember: () => boolean): boolean {
  if (caller.isAdmin) return true
  if (!caller.roles.includes('reader')) return false
  if (image.visibility === 'public' || image.visibility === 'community') return true
  if (ownsImage(caller, image)) return true
  return image.visibility === 'shared' && (image.owner === null || isMember())
}

/**
 * @throws not-found if the image is absent or hidden from the caller: callers must not be able to distinguish the two
 */
export function requireVisible<S extends Subject>(
  caller: Caller,
  id: string,
  image: S | undefined,
  isMember: () => boolean,
): S {
  if (image === undefined || !canSee(caller, image, isMember)) throw imageNotFound(id)
  return image
}

/** @throws forbidden unless the caller may list images of its project (policy `get_images`) */
export function requireLister(caller: Caller): void {
  if (!caller.isAdmin && !isReader(caller)) throw notAuthorized('get_images')
}

/** @throws forbidden unless the caller is an admin or a member of the project that owns this visible image */
export function requireOwner(caller: Caller, image: Subject, action: string): void {
  if (!mayOwn(caller, image)) throw notAuthorized(action)
}

/** Whether the caller is an admin or a member of the project that owns the image. */
export function mayOwn(caller: Caller, image: Subject): boolean {
  return caller.isAdmin || (caller.roles.includes('member') && ownsImage(caller, image))
}

/** @throws forbidden unless the caller may create an image with this owner and visibility (policy `add_image`) */
export function requireCreator(caller: Caller, owner: string | null, visibility: string): void {
  if (caller.isAdmin) return
  if (owner !== (caller.projectId ?? null)) {
    throw forbidden(`You are not permitted to create images owned by '${owner ?? 'None'}'`)
  }
  if (!caller.roles.includes('member')) throw notAuthorized('add_image')
  requireVisibilityRight(caller, visibility)
}

/** @throws forbidden when only an admin may set this visibility (policies `publicize_image`, `communitize_image`) */
export function requireVisibilityRight(caller: Caller, visibility: unknown): void {
  if (visibility === 'public' && !caller.isAdmin) throw notAuthorized('publicize_image')
}

/** @throws forbidden unless the caller, who sees the image, may read its bytes (policy `download_image`) */
export function requireDownloader(caller: Caller): void {
  if (!caller.isAdmin && !caller.roles.includes('member')) throw notAuthorized('download_image')
}

/** Whether the image belongs to the project of the caller's token. */
export function ownsImage(caller: Caller, image: Subject): boolean {
  return caller.projectId !== undefined && image.owner === caller.projectId
}

function isReader(caller: Caller): boolean {
  return caller.projectId !== undefined && caller.roles.includes('reader')
}
