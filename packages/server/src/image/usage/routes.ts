import { respondJson } from '../../http/respond.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'

/** `/v2/info/usage` (glance/api/v2/discovery.py `get_usage`). */
export function mountRoutes(mount: Mount, { usage }: ImageParts): void {
  mount(
    '/info/usage',
    { GET: (c) => respondJson(c, { usage: usage.read(c.get('caller')) }) },
    { unknownMethods: 'not-found' },
  )
}
