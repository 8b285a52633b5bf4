import type { ImageMember } from '@tyrax/sdk'
import { wireTime } from '../output/image-row.js'
import type { Row } from '../output/result.js'

export const memberColumns = ['image_id', 'member_id', 'status'] as const

export const memberRecord = { names: [...memberColumns, 'created_at', 'updated_at'] }

/** A member under Glance's own names. */
export function memberRow(member: ImageMember): Row {
  return {
    image_id: member.imageId,
    member_id: member.memberId,
    status: member.status,
    created_at: wireTime(member.createdAt),
    updated_at: wireTime(member.updatedAt),
  }
}
