import { path } from '../client/path.js'
import { readJson } from '../client/read-json.js'
import { ForbiddenError } from '../errors/http-error.js'
import { UnsharableImage } from '../errors/image-errors.js'
import type { CallOptions } from '../client/call-options.js'
import type { ImageContext } from '../images/context.js'
import { getImage } from '../images/get.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { decodeMember, type ImageMember } from './member.js'

/** POST /v2/images/{id}/members. 409: is a member already. 413: too many members. */
export async function addMember(
  context: ImageContext,
  image: ImageRef,
  projectId: string,
  options: CallOptions = {},
): Promise<ImageMember> {
  const id = imageId(image)
  try {
    const response = await context.client.request({
      method: 'POST',
      path: path`/images/${id}/members`,
      json: { member: projectId },
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
      hint: "set its visibility to 'shared' first",
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
