import { Hono } from 'hono'
import type { CloudService, HttpEnv, ServiceContext } from '../context.js'
import { migrate } from '../database/database.js'
import { authenticate } from '../http/authenticate.js'
import { webobResponse } from '../http/webob-response.js'
import { createActionService } from './actions/action-service.js'
import { mountActions } from './actions/routes.js'
import { createDataService } from './data/data-service.js'
import { mountData } from './data/routes.js'
import { refusalResponse } from './http/refusal-response.js'
import { mountBelow, notThere } from './http/resource.js'
import { risingClock } from './images/clock.js'
import { createImageRepository } from './images/image-repository.js'
import { createImageService } from './images/image-service.js'
import { mountImages } from './images/routes.js'
import { mountInfo } from './info/routes.js'
import { createMemberRepository } from './members/member-repository.js'
import { createMemberService } from './members/member-service.js'
import { mountMembers } from './members/routes.js'
import { mountSchemas } from './schemas/routes.js'
import { imageMigrations } from './tables/migrations.js'
import { mountTags } from './tags/routes.js'
import { createTagService } from './tags/tag-service.js'
import { mountImageTasks } from './tasks/routes.js'
import { advertisedVersions } from './versions/advertised-versions.js'
import { mountVersions } from './versions/routes.js'

const prefix = '/image'

/** The Image service, as a Glance 33 without an image cache answers. */
export function createGlance(context: ServiceContext): CloudService {
  const { db, blobs, log } = context
  const config = context.config.image
  migrate(db, imageMigrations)
  const clock = risingClock(context.now)
  const repository = createImageRepository(db)
  const images = createImageService({ repository, blobs, config, clock, log })
  const { tags, members } = config.quotas

  const app = new Hono<HttpEnv>()
  mountVersions(app, () => `${context.baseUrl()}${prefix}`, advertisedVersions(config.stores.length > 0))
  app.use(
    '*',
    authenticate(context.tokens, 'image', () => `${context.baseUrl()}/identity`),
  )
  const mount = mountBelow(app)
  mountImages(mount, images, config, context.publicUrl === undefined ? '' : context.publicUrl + prefix)
  mountData(mount, createDataService({ images, repository, blobs, config, clock }))
  mountMembers(mount, createMemberService({ images, members: createMemberRepository(db), quota: members, clock }))
  mountTags(mount, createTagService({ images, repository, quota: tags, clock }))
  mountActions(mount, createActionService({ images, repository, clock }))
  mountImageTasks(mount, images)
  mountInfo(mount, config)
  mountSchemas(mount)
  app.all('*', (c) => webobResponse(c, 404, notThere))
  app.onError((error, c) => refusalResponse(c, error, log))

  return {
    prefix,
    app,
    usesBlob: (key) => repository.isBlobUsed(key),
    async sweep() {
      const requeued = repository.requeueInterrupted(clock())
      if (requeued > 0) log.info({ requeued }, 'interrupted uploads went back to queued')
    },
  }
}
