import { Hono } from 'hono'
import type { CloudService, HttpEnv, ServiceContext } from '../context.js'
import { BlobStorageFull } from '../blobs/blob-store.js'
import { isWithinRules } from '../http/access-rules.js'
import { respond, respondJson } from '../http/respond.js'
import { migrate } from '../database/database.js'
import { UnstorableText } from '../database/guarded-database.js'
import { authorize } from './access.js'
import { accountRoutes } from './accounts/routes.js'
import { quotePath, readPath } from './http/target.js'
import { containerRoutes } from './containers/routes.js'
import { SwiftFault } from './errors.js'
import { manifestLimits } from './large/manifest.js'
import { renderFault, targetOf, transactionId, type SwiftContext } from './http/response.js'
import { swiftLimits } from './metadata.js'
import { objectRoutes } from './objects/routes.js'
import { createObjectStoreRepository } from './objects/object-repository.js'
import { objectStoreMigrations } from './tables/migrations.js'

/** The Object Storage service, as far as a Swift with Keystone, copy, SLO and DLO goes. */
export function createObjectStoreService(context: ServiceContext): CloudService {
  const { db, blobs, tokens, log } = context
  migrate(db, objectStoreMigrations)
  const repository = createObjectStoreRepository(db)
  const nowMs = () => context.now().getTime()
  const accounts = accountRoutes(repository, nowMs)
  const containers = containerRoutes(repository, nowMs)
  const objects = objectRoutes(repository, blobs, nowMs)

  function handle(c: SwiftContext): Promise<Response> | Response {
    const { account, container, object } = readPath(targetOf(c))
    const caller = tokens.verify(c.req.header('x-auth-token') ?? '')
    if (!caller || !isWithinRules(caller.accessRules, 'object-store', c.req.raw.method, targetOf(c)))
      throw new SwiftFault(401, undefined, { 'WWW-Authenticate': `Swift realm="${realmOf(account)}"` })
    authorize(caller, c.req.raw.method, account)
    accounts.ensure(account)
    if (container === undefined) return accounts.handle(c, account)
    if (object === undefined) return containers(c, account, container)
    return objects(c, { account, container, object }, caller)
  }

  const app = new Hono<HttpEnv>({ strict: true })
  app.use('*', (c, next) => {
    const id = transactionId()
    c.env.outgoing.setHeader('X-Openstack-Request-Id', id).setHeader('X-Trans-Id', id)
    return next()
  })
  app.all('/info', (c) => respondJson(c, info))
  app.all('*', (c) => handle(c))
  app.onError((error, c) => {
    if (error instanceof SwiftFault) return renderFault(c, error)
    if (error instanceof UnstorableText) return renderFault(c, new SwiftFault(412, 'Invalid UTF8 or contains NULL'))
    const isFull = error instanceof BlobStorageFull
    log.error({ error, method: c.req.method, path: c.req.path }, 'an object-store request failed')
    return renderFault(c, new SwiftFault(isFull ? 507 : 500))
  })

  return { prefix: '/object-store', app, usesBlob: (key) => repository.usesBlob(key) }
}

/** swift/common/swob.py `Response.www_authenticate` */
function realmOf(account: string): string {
  return account === 'auth' || account === 'v1.0' ? 'unknown' : quotePath(account)
}

/** `/info` at the root of the host, where swiftclient looks for it. */
export function createObjectStoreInfo(): CloudService {
  const app = new Hono<HttpEnv>()
  app.get('*', (c) => respondJson(c, info))
  app.notFound((c) => respond(c, 404, { 'content-type': 'text/plain; charset=UTF-8' }, '404 Not Found'))
  return { prefix: '/info', app }
}

/** What the service can do (swift/common/registry.py). */
const info = {
  swift: {
    version: '2.38.3',
    policies: [{ name: 'Policy-0', default: true, aliases: 'Policy-0' }],
    ...swiftLimits,
  },
  slo: manifestLimits,
}
