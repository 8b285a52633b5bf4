export { ImageMembers } from './image-members.js'
export type { ImageMember } from './member.js'
