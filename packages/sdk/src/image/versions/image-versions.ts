import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'

/** A version of the API that an image service has. */
export interface ImageApiVersion {
  /** `v2.17` */
  readonly id: string
  /** `CURRENT`, `SUPPORTED`, or another of Glance's words. */
  readonly status: string
}

/** GET /versions, which is next to `/v2` (glance/api/versions.py). */
export async function imageVersions(
  { client }: ImageContext,
  { signal }: CallOptions = {},
): Promise<ImageApiVersion[]> {
  const response = await client.request({ method: 'GET', path: '/../versions', accept: [300], signal })
  return readJson(response, (body) => arrayAt(body, 'versions').flatMap(decodeVersion))
}

function decodeVersion(value: unknown): ImageApiVersion[] {
  const { id, status } = (value ?? {}) as { id?: unknown; status?: unknown }
  return typeof id === 'string' ? [{ id, status: typeof status === 'string' ? status : '' }] : []
}
