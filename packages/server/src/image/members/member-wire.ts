import type { WireImageMember } from '@tyrax/protocol'
import { wireTime } from '../images/wire-time.js'
import type { MemberRecord } from './member-repository.js'

/** A member as Glance returns it (glance/api/v2/image_members.py `_format_image_member`). */
export function toWireMember(member: MemberRecord): WireImageMember {
  return {
    member_id: member.member_id,
    image_id: member.image_id,
    status: member.status,
    created_at: wireTime(member.created_at),
    updated_at: wireTime(member.updated_at),
    schema: '/v2/schemas/member',
  }
}
