import { Hono } from 'hono'
import type { CloudService, HttpEnv, ServiceContext } from '../context.js'
import { authenticate } from '../http/authenticate.js'
import { mountAccessRules, mountApplicationCredentials } from './application-credentials/routes.js'
import { mountAssignments } from './assignments/routes.js'
import { mountAuth, mountLogin } from './auth/routes.js'
import { mountCatalog } from './catalog/routes.js'
import { mountCredentials } from './credentials/routes.js'
import { openDirectory } from './directory.js'
import { mountDomains } from './domains/routes.js'
import { Refusal } from '../refusal.js'
import { refuseLargeBody } from './http/json-body.js'
import type { IdentityParts } from './http/identity-context.js'
import { refusalResponse } from './http/refusal-response.js'
import { mountProjects } from './projects/routes.js'
import { mountRoles } from './roles/routes.js'
import { createTokenService } from './tokens/token-service.js'
import { mountUsers } from './users/routes.js'
import { mountVersions } from './versions/routes.js'

const prefix = '/identity'
const resources = [
  mountAuth,
  mountUsers,
  mountProjects,
  mountDomains,
  mountRoles,
  mountAssignments,
  mountApplicationCredentials,
  mountAccessRules,
  mountCredentials,
  mountCatalog,
]

/** The Identity service: Keystone v3 as far as clients of images and objects go, with users from the configuration. */
export function createIdentityService(context: ServiceContext): CloudService {
  const directory = openDirectory(context.db)
  const tokens = createTokenService(directory, context.now, context.config.tokenLifeSeconds)
  const app = new Hono<HttpEnv>()
  const authUrl = () => `${context.baseUrl()}${prefix}`
  const parts: IdentityParts = { app, directory, tokens, context }
  app.use('*', refuseLargeBody)
  mountVersions(parts)
  mountLogin(parts)
  app.use('*', authenticate(tokens, 'identity', authUrl))
  for (const mount of resources) mount(parts)
  app.notFound((c) => refusalResponse(c, notFound, context.log, authUrl()))
  app.onError((error, c) => refusalResponse(c, error, context.log, authUrl()))
  return { prefix, app, usesBlob: () => false }
}

const notFound = new Refusal(
  'not-found',
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
)
