import type { Hono } from 'hono'
import type { HttpEnv, HttpContext } from '../../context.js'
import { respond, respondJson } from '../../http/respond.js'
import { versionList } from './advertised-versions.js'

/**
 * The versions document, which needs no token: 200 at `/versions`, and 300 for every path that does not begin with an
 * advertised version (glance/api/middleware/version_negotiation.py).
 */
export function mountVersions(app: Hono<HttpEnv>, serviceUrl: () => string, versions: readonly string[]): void {
  const known = new Set(['v2', ...versions.map((version) => `v${version}`)])
  const answer = (c: HttpContext, status: 200 | 300) =>
    respondJson(c, { versions: versionList(serviceUrl(), versions) }, status)
  app.get('/healthcheck', (c) => respond(c, 200, { 'content-type': 'text/plain;charset=UTF-8' }, 'OK'))
  app.use('*', async (c, next) => {
    const [, first = ''] = c.req.path.split('/', 2)
    if (known.has(first)) return next()
    return answer(c, first === 'versions' ? 200 : 300)
  })
}
