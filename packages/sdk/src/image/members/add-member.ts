import { path } from '../../http/path.js'
import { readJson } from '../../http/read-json.js'
import { ForbiddenError } from '../../errors/http-error.js'
import { UnsharableImage } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import { getImage } from '../images/get.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { decodeMember, type ImageMember } from './member.js'

/**
 * The id of a project that is given by id or name. What looks like one of Keystone's ids is taken as it is: an owner may
 * share with projects that it may not look up. Glance itself takes any text, and makes a member that can never accept.
 */
async function projectIdOf(context: ImageContext, project: string, signal: AbortSignal | undefined): Promise<string> {
  if (typeof project !== 'string' || project === '') {
    throw new UsageError('a member is a project, given by id or name; this one is empty')
  }
  if (!context.findProject || keystoneId.test(project)) return project
  return (await context.findProject(project, signal)).id
}
const keystoneId = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i

/** POST /v2/images/{id}/members. 409: is a member already. 413: too many members. */
export async function addMember(
  context: ImageContext,
  image: ImageRef,
  project: string,
  options: CallOptions = {},
): Promise<ImageMember> {
  const id = imageId(image)
  const member = await projectIdOf(context, project, options.signal)
  try {
    const response = await context.client.request({
      method: 'POST',
      path: path`/images/${id}/members`,
      json: { member },
      signal: options.signal,
    })
    return await readJson(response, decodeMember)
  } catch (error) {
    if (error instanceof ForbiddenError) throw await whyForbidden(context, id, error, options)
    throw error
  }
}

/** A 403 means one of several things; the image itself tells which. */
async function whyForbidden(
  context: ImageContext,
  id: string,
  error: ForbiddenError,
  options: CallOptions,
): Promise<Error> {
  const image = await getImage(context, id, options)
  if (image.visibility !== 'shared') {
    return new UnsharableImage(`the image ${id} is ${image.visibility}: only a shared image has members`, {
      cause: error,
      hint: "set visibility: 'shared' (--visibility shared) first",
    })
  }
  const me = context.projectId()
  if (image.owner !== null && me !== undefined && image.owner !== me) {
    return new UnsharableImage(`the image ${id} belongs to the project ${image.owner}: only its owner shares it`, {
      cause: error,
      hint: 'act as that project',
    })
  }
  return error
}
