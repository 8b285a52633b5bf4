import { type Cloud, type Image, type ImageMember, NoMatchError } from '@tyrax/sdk'
import type { Columns } from '../output/columns.js'
import { option } from '../command/option.js'
import type { Row } from '../output/result.js'
import { wireTime } from '../output/cells.js'
import { imageRecord } from './image.js'
import { oneOf } from './one-of.js'

export const memberColumns = ['image_id', 'member_id', 'status'] as const

export const memberRecord = { names: [...memberColumns, 'created_at', 'updated_at'] }

/** A member, or with a selector what became of an image. */
export const shareRecord: Columns = {
  names: [...new Set([...memberRecord.names, ...imageRecord.names, 'action', 'result', 'error'])],
  properties: 'known',
  isWhole: false,
  types: { id: ['string', 'null'], action: ['string'], result: ['string'], error: ['object'] },
}

/** For projects of the same name in several domains. */
export const projectDomain = {
  projectDomain: option.text('--project-domain <domain>', 'domain of the project, if several have its name'),
} as const

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
export async function projectId(
  cloud: Cloud,
  reference: string,
  signal: AbortSignal,
  domain?: string,
): Promise<string> {
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(reference)) return reference
  if (reference === '') throw new NoMatchError('PROJECT is empty', { hint: 'give the id or name of a project' })
  return (await cloud.identity.findProject(reference, signal, domain)).id
}

/**
 * The id of a project that the user names by id or name, or by the beginning of its id if the image is shared with it.
 * @throws NoMatchError, NoUniqueMatch
 */
export async function memberNamed(
  cloud: Cloud,
  image: Image,
  reference: string,
  signal: AbortSignal,
  domain?: string,
): Promise<string> {
  try {
    return await projectId(cloud, reference, signal, domain)
  } catch (error) {
    if (!(error instanceof NoMatchError)) throw error
    const members = await cloud.images.members.list(image, { signal })
    const member = oneOf(members, reference, ({ memberId }) => memberId)
    if (member === undefined) throw error
    return member.memberId
  }
}
