import { memberStatuses, type MemberStatus } from '@tyrax/protocol'
import type { Caller } from '../../context.js'
import { ownsImage, requireOwner } from '../access/policy.js'
import { conflict, forbidden, invalid, notAuthorized, notFound, quotaExceeded } from '../errors.js'
import { refuseFourByte } from '../images/fields/four-byte.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ImageParts } from '../parts.js'
import { createMemberRepository, type MemberRecord } from './member-repository.js'

/**
 * The projects that an image is shared with (glance/api/v2/image_members.py). Only shared images have members; the
 * owner adds and removes them, and only the member itself, or an admin, sets its status.
 */
export interface MemberService {
  /** The owner sees every member; a member sees only itself. */
  list(caller: Caller, imageId: string): MemberRecord[]
  get(caller: Caller, imageId: string, memberId: string): MemberRecord
  add(caller: Caller, imageId: string, memberId: string): MemberRecord
  setStatus(caller: Caller, imageId: string, memberId: string, status: unknown): MemberRecord
  remove(caller: Caller, imageId: string, memberId: string): void
}

type MemberServiceParts = Pick<ImageParts, 'images' | 'db' | 'config' | 'clock'>

export function createMemberService({ images, db, config, clock }: MemberServiceParts): MemberService {
  const members = createMemberRepository(db)
  const quota = config.quotas.members
  /** To a member, the other members of an image do not seem to exist. */
  const findMember = (caller: Caller, image: ImageRecord, memberId: string): MemberRecord => {
    const seen = caller.isAdmin || ownsImage(caller, image) || caller.projectId === memberId
    const member = seen ? members.find(image.id, memberId) : undefined
    if (member === undefined) throw notFound(`${memberId} not found in the member list of the image ${image.id}.`)
    return member
  }

  return {
    list(caller, imageId) {
      const image = images.get(caller, imageId)
      const message = (reason: string) => `Not allowed to list members for image ${imageId}: ${reason}`
      if (image.visibility !== 'shared') throw forbidden(message(onlyShared))
      const all = members.list(imageId)
      if (caller.isAdmin || ownsImage(caller, image)) return all
      return all.filter((member) => member.member_id === caller.projectId)
    },
    get(caller, imageId, memberId) {
      const image = images.get(caller, imageId)
      if (image.visibility !== 'shared') throw notFound(onlyShared)
      return findMember(caller, image, memberId)
    },
    add(caller, imageId, memberId) {
      const image = images.get(caller, imageId)
      if (image.visibility !== 'shared') throw forbidden(`Not allowed to create members for image ${imageId}.`)
      requireOwner(caller, image, 'add_member')
      const attempted = members.count(imageId) + 1
      if (attempted > quota) throw quotaExceeded('members', attempted, quota)
      if (members.find(imageId, memberId) !== undefined) {
        throw conflict(`Member ${memberId} is duplicated for image ${imageId}`)
      }
      refuseFourByte('member', memberId)
      const at = clock()
      const member: MemberRecord = {
        image_id: imageId,
        member_id: memberId,
        status: 'pending',
        created_at: at,
        updated_at: at,
      }
      members.insert(member)
      return member
    },
    setStatus(caller, imageId, memberId, status) {
      const image = images.get(caller, imageId)
      if (image.visibility !== 'shared') throw forbidden(`Not allowed to update members for image ${imageId}.`)
      const member = findMember(caller, image, memberId)
      const isMember = caller.roles.includes('member') && caller.projectId === memberId
      if (!caller.isAdmin && !isMember) throw notAuthorized('modify_member')
      if (!isMemberStatus(status)) {
        throw invalid('Incorrect request: Status must be "pending", "accepted" or "rejected".')
      }
      const at = clock()
      members.setStatus(imageId, memberId, status, at)
      return { ...member, status, updated_at: at }
    },
    remove(caller, imageId, memberId) {
      const image = images.get(caller, imageId)
      if (image.visibility !== 'shared') throw forbidden(`Not allowed to delete members for image ${imageId}.`)
      findMember(caller, image, memberId)
      requireOwner(caller, image, 'delete_member')
      members.remove(imageId, memberId)
    },
  }
}

const onlyShared = 'Only shared images have members.'

function isMemberStatus(status: unknown): status is MemberStatus {
  return (memberStatuses as readonly unknown[]).includes(status)
}
