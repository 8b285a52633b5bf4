import type { MemberStatus, WireImageMember } from '@tyrax/protocol'
import { decodeTime } from '../../http/wire-time.js'

/** A project that an image is shared with. */
export interface ImageMember {
  readonly imageId: string
  /** The project's id. */
  readonly memberId: string
  readonly status: MemberStatus | (string & {})
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly schema: string
}

/** @throws Error when it is not a member */
export function decodeMember(wire: unknown): ImageMember {
  const { image_id, member_id, status, created_at, updated_at, schema } = (wire ?? {}) as WireImageMember
  if (typeof image_id !== 'string' || typeof member_id !== 'string')
    throw new Error('the response is not an image member')
  return {
    imageId: image_id,
    memberId: member_id,
    status,
    createdAt: decodeTime(created_at),
    updatedAt: decodeTime(updated_at),
    schema,
  }
}
