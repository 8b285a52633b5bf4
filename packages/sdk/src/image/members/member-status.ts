import { memberStatuses, type MemberStatus } from '@tyrax/protocol'
import { InvalidImageMemberStatus } from '../../errors/image-errors.js'

/** @throws InvalidImageMemberStatus */
export function checkMemberStatus(status: unknown): asserts status is MemberStatus {
  if ((memberStatuses as readonly unknown[]).includes(status)) return
  throw new InvalidImageMemberStatus(
    `The status value must be one of 'accepted', 'rejected', or 'pending'. Received: '${String(status)}'`,
  )
}
