import { respondJson } from '../../http/respond.js'
import type { Site } from '../http/site.js'

/** The version documents, which need no token (keystone/api/discovery.py): 300 at the root, 200 at `/v3`. */
export function mountVersions({ app, baseUrl }: Site): void {
  const version = () => ({
    id: 'v3.14',
    status: 'stable',
    updated: '2020-04-07T00:00:00Z',
    links: [{ rel: 'self', href: `${baseUrl()}/identity/v3/` }],
    'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.identity-v3+json' }],
  })
  app.get('/', (c) => respondJson(c, { versions: { values: [version()] } }, 300))
  app.get('/v3', (c) => respondJson(c, { version: version() }))
  app.get('/v3/', (c) => respondJson(c, { version: version() }))
}
