import { Hono } from 'hono'
import type { CloudService, HttpEnv, ServiceContext } from '../context.js'
import { migrate } from '../database/database.js'
import { authenticate } from '../http/authenticate.js'
import { webobResponse } from '../http/webob-response.js'
import { createPropertyProtections } from './access/property-protections.js'
import { projectTokens } from './access/policy.js'
import { createImageCache } from './cache/image-cache.js'
import { readStored } from './data/read-stored.js'
import { refusalResponse } from './http/refusal-response.js'
import { mountBelow, notThere } from './http/resource.js'
import { fieldSchemasFor } from './images/fields/field-schemas.js'
import { risingClock } from './images/clock.js'
import { createImageRepository } from './images/image-repository.js'
import { createImageService } from './images/image-service.js'
import { endInterrupted } from './imports/interrupted.js'
import { createLocations } from './locations/locations.js'
import { imageMigrations } from './migrations.js'
import type { ImageParts } from './parts.js'
import * as resources from './resources.js'
import { createUsageRepository } from './usage/usage-repository.js'
import { createUsageService } from './usage/usage-service.js'
import { createTaskRepository } from './tasks/task-repository.js'
import { createTaskRunner } from './tasks/task-runner.js'
import { createTaskService } from './tasks/task-service.js'
import { advertisedVersions } from './versions/advertised-versions.js'
import { mountVersions } from './versions/routes.js'

const prefix = '/image'

/** The Image service, which responds like a Glance 33. */
export function createGlance(context: ServiceContext): CloudService {
  const { db, blobs, log } = context
  const config = context.config.image
  migrate(db, imageMigrations)
  const clock = risingClock(context.now)
  const repository = createImageRepository(db)
  const usage = createUsageService(config.quotas, () => createUsageRepository(db))
  const protections = config.propertyProtections && createPropertyProtections(config.propertyProtections)
  const locations = createLocations(blobs, config)
  const images = createImageService({ repository, blobs, config, usage, protections, locations, clock, log })
  const fieldSchemas = fieldSchemasFor(config)
  const serviceUrl = context.publicUrl === undefined ? '' : context.publicUrl + prefix
  const ownUrl = () => `${context.baseUrl()}${prefix}`
  const cache =
    config.cache &&
    createImageCache({
      db,
      blobs,
      clock,
      log,
      maxSizeBytes: config.cache.maxSizeBytes,
      findImage: (id) => repository.find(id),
      readStored: (image) => readStored({ blobs, locations }, image, undefined),
    })
  const runner = createTaskRunner()
  const tasks = createTaskService({ images, tasks: createTaskRepository(db), runner, clock, log })
  const parts: ImageParts = {
    images,
    tasks,
    repository,
    db,
    blobs,
    cache,
    config,
    region: context.config.region,
    fieldSchemas,
    usage,
    protections,
    locations,
    clock,
    log,
    serviceUrl,
    ownUrl,
  }

  const app = new Hono<HttpEnv>()
  const hasStores = config.stores.length > 0
  mountVersions(app, ownUrl, advertisedVersions({ hasStores, hasCache: cache !== undefined }))
  app.use(
    '*',
    authenticate(projectTokens(context.tokens), 'image', () => `${context.baseUrl()}/identity`),
  )
  const mount = mountBelow(app)
  for (const { mountRoutes } of Object.values(resources)) mountRoutes(mount, parts)
  app.all('*', (c) => webobResponse(c, 404, notThere))
  app.onError((error, c) => refusalResponse(c, error, log))

  return {
    prefix,
    app,
    usesBlob: (key) => repository.isBlobUsed(key),
    async sweep() {
      await endInterrupted(parts)
      cache?.resume()
    },
    isBusy: () => runner.isBusy(),
    async close() {
      await Promise.all([runner.close(), cache?.close()])
    },
  }
}
