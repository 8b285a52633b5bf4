import { type Cloud, type ImageMember, NoMatchError } from '@tyrax/sdk'
import type { Row } from '../output/result.js'
import { wireTime } from '../output/cells.js'

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

/**
 * The id of a project that the user names by id or name. Text that looks like one of Keystone's ids is used as it is:
 * an owner may share with projects that it may not look up.
 * @throws NoMatchError, NoUniqueMatch
 */
export async function projectId(cloud: Cloud, reference: string, signal: AbortSignal): Promise<string> {
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(reference)) return reference
  if (reference === '') throw new NoMatchError('PROJECT is empty', { hint: 'give the id or name of a project' })
  return (await cloud.identity.findProject(reference, signal)).id
}
