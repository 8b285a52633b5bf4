export type { MemberStatus, MemberStatusFilter } from '@tyrax/protocol'
export type { ImageMembers } from './image-members.js'
export type { ImageMember } from './membership.js'
