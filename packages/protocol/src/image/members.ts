/** States of an image member (glance/api/v2/image_members.py). Only the member itself, or an admin, changes them. */
export const memberStatuses = ['pending', 'accepted', 'rejected'] as const
/** What a project has decided about an image that is shared with it. */
export type MemberStatus = (typeof memberStatuses)[number]

/** The values of `GET /v2/images?member_status=`. The server's default is `accepted`. */
export const memberStatusFilters = [...memberStatuses, 'all'] as const
/** A member status to list images by. */
export type MemberStatusFilter = (typeof memberStatusFilters)[number]

/** An image member as it is on the wire. */
export interface WireImageMember {
  image_id: string
  member_id: string
  status: MemberStatus
  created_at: string
  updated_at: string
  schema: string
}
