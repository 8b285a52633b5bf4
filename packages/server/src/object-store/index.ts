import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Caller, CloudService, HttpContext, HttpEnv, ServiceContext } from '../context.js'
import { migrate } from '../database/database.js'
import { isWithinRules } from '../http/access-rules.js'
import { targetOf } from '../http/wire-request.js'
import { type AclOf, createAccess, type Place, restricted } from './access/access.js'
import { createAccountRepository } from './accounts/account-repository.js'
import { createAccountService } from './accounts/account-service.js'
import { accountRoutes } from './accounts/routes.js'
import { quotePath } from './address.js'
import { createBulkService } from './bulk/bulk-service.js'
import { bulkHandler } from './bulk/routes.js'
import { createContainerRepository } from './containers/container-repository.js'
import { createContainerService } from './containers/container-service.js'
import { containerRoutes } from './containers/routes.js'
import { createReaper } from './expiry/reaper.js'
import { refusalResponse } from './http/refusal-response.js'
import { refuseUnsupported } from './http/unsupported.js'
import { readPath } from './http/target.js'
import { createLargeContents } from './large/large-contents.js'
import { createLargeObjectService } from './large/large-object-service.js'
import { largeObjectRoutes } from './large/routes.js'
import { createCopyService } from './objects/copy-service.js'
import { createObjectRepository } from './objects/object-repository.js'
import { createObjectService } from './objects/object-service.js'
import { objectRoutes } from './objects/routes.js'
import { infoResponse, mountPublicRoutes } from './public/routes.js'
import { createRequireRoom } from './quotas/require-room.js'
import { objectStoreMigrations } from './tables/migrations.js'
import { tempUrlHandler } from './temp-url/routes.js'
import { createTempUrlService } from './temp-url/temp-url-service.js'
import { Refusal } from '../refusal.js'

const prefix = '/object-store'

/** The Object Storage service: a Swift with Keystone, copy, SLO and DLO. */
export function createSwift(context: ServiceContext): CloudService {
  const { db, blobs, tokens, log, baseUrl } = context
  migrate(db, objectStoreMigrations)
  const nowMs = () => context.now().getTime()
  const containerRepository = createContainerRepository(db)
  const objectRepository = createObjectRepository(db, nowMs)
  const accounts = createAccountService({
    accounts: createAccountRepository(db),
    containers: containerRepository,
    nowMs,
  })
  const containers = createContainerService({ containers: containerRepository, objects: objectRepository, nowMs })
  const reaper = createReaper({ objects: objectRepository, blobs, nowMs, log })
  const objects = createObjectService({ objects: objectRepository, blobs, nowMs, onExpiry: () => reaper.wake() })
  const contents = createLargeContents(objectRepository, blobs)
  const { contentOf } = contents
  const requireRoom = createRequireRoom({
    findAccount: (name) => accounts.find(name),
    findContainer: (account, name) => containers.find(account, name),
  })
  const copies = createCopyService({ objects, contentOf, blobs, requireRoom })
  const large = createLargeObjectService({ objects, contents, blobs })

  const bulkOf = bulkHandler(createBulkService({ containers, objects, requireRoom }))
  const accountResource = accountRoutes(accounts)
  const containerResource = containerRoutes(containers)
  const plainObjectResource = objectRoutes({ objects, copies, contentOf, requireRoom })
  const objectResource = largeObjectRoutes({ large, objects, copies, blobs, requireRoom }, plainObjectResource)
  const tempUrls = createTempUrlService({
    metadataOf: (account, container) =>
      (container === undefined ? accounts.find(account) : containers.find(account, container))?.metadata,
    basePaths: () => ['', new URL(baseUrl()).pathname.replace(/\/$/, '') + prefix],
    nowMs,
  })
  const signedOf = tempUrlHandler({ tempUrls, objects, contentOf, plain: plainObjectResource })

  function handle(c: HttpContext): Promise<Response> | Response {
    const { method } = c.req.raw
    const { account, container, object } = readPath(targetOf(c))
    const bulk = bulkOf(c)
    const caller = bulk === undefined ? callerOf(c) : tokens.verify(c.req.header('x-auth-token') ?? '')
    const access = createAccess({ caller, referer: c.req.header('referer') }, aclOf)
    const isWriting = (method === 'PUT' || method === 'POST') && (object === undefined || bulk !== undefined)
    if (isWriting && access.isOwner(account)) accounts.ensure(account)
    if (bulk !== undefined) {
      // The rules of the token are for the request of each object, as Swift makes one for each.
      const each = method === 'PUT' ? 'PUT' : 'DELETE'
      const allows = (place: Place) => isWithinRules(caller?.accessRules ?? [], 'object-store', each, pathOf(place))
      return bulk(c, { account, container, object }, restricted(access, allows))
    }
    const signed = signedOf(c)
    if (signed !== undefined) return signed(c, { account, container, object })
    refuseUnsupported(c, { account, container, object }, caller !== undefined)
    access.require(readingMethods.has(method) ? 'read' : 'write', { account, container, object })
    if (container === undefined) return accountResource(c, account, access)
    if (object === undefined) return containerResource(c, { account, container }, access)
    return objectResource(c, { account, container, object }, access)
  }

  /** Undefined for a request without a token, or with one that is not valid for it. */
  function callerOf(c: HttpContext): Caller | undefined {
    const caller = tokens.verify(c.req.header('x-auth-token') ?? '')
    return caller && isWithinRules(caller.accessRules, 'object-store', c.req.raw.method, targetOf(c))
      ? caller
      : undefined
  }

  const aclOf: AclOf = (right, account, container) =>
    containers.find(account, container)?.metadata[`x-container-${right}`]

  const app = new Hono<HttpEnv>({ strict: true })
  app.use('*', (c, next) => {
    const id = transactionId()
    c.env.outgoing.setHeader('X-Openstack-Request-Id', id).setHeader('X-Trans-Id', id)
    return next()
  })
  mountPublicRoutes(app)
  app.all('*', (c) => handle(c))
  app.onError((error, c) => {
    if (error instanceof Refusal && error.kind === 'unauthenticated') {
      const challenges = [
        `Swift realm="${realmOf(readPath(targetOf(c)).account)}"`,
        `Keystone uri="${baseUrl()}/identity"`,
      ]
      c.env.outgoing.setHeader('Www-Authenticate', challenges)
    }
    return refusalResponse(c, error, log)
  })

  return {
    prefix,
    app,
    sweep: async () => reaper.wake(),
    usesBlob: (key) => objectRepository.usesBlob(key),
    close: () => reaper.close(),
  }
}

function pathOf({ account, container, object }: Place): string {
  return `/v1/${quotePath([account, container, object].filter((each) => each !== undefined).join('/'))}`
}

const readingMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'COPY', 'OPTIONS'])

/** swift/common/swob.py `Response.www_authenticate` */
function realmOf(account: string): string {
  return account === 'auth' || account === 'v1.0' ? 'unknown' : quotePath(account)
}

/** A transaction id in the format of Swift's catch_errors middleware. */
function transactionId(): string {
  return `tx${randomUUID().replaceAll('-', '').slice(0, 21)}-${Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(10, '0')}`
}

/** `/info` at the root of the host, where swiftclient expects it. */
export function createSwiftInfo({ log }: ServiceContext): CloudService {
  const app = new Hono<HttpEnv>()
  app.all('*', infoResponse)
  app.onError((error, c) => refusalResponse(c, error, log))
  return { prefix: '/info', app }
}
