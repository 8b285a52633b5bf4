import type { Hono } from 'hono'
import type { HttpEnv } from '../../context.js'
import type { ImageContext } from '../http/resource.js'
import { versionList } from './advertised-versions.js'

/**
 * The versions documents, which need no token: 300 at the root and for a version that is not told of, 200 at
 * `/versions` (glance/api/middleware/version_negotiation.py).
 */
export function mountVersions(app: Hono<HttpEnv>, serviceUrl: () => string, versions: readonly string[]): void {
  const answer = (status: 200 | 300) => (c: ImageContext) =>
    c.json({ versions: versionList(serviceUrl(), versions) }, status)
  app.get('/', answer(300))
  app.get('/versions', answer(200))
  app.get('/healthcheck', (c) => c.text('OK'))
  app.all('/:version{v[0-9.]+}/*', async (c, next) => {
    const version = (c.req.param('version') ?? '').slice(1)
    return version === '2' || versions.includes(version) ? next() : answer(300)(c)
  })
}
