import { Hono } from 'hono'
import type { CloudContext, CloudService, HttpEnv, TokenVerifier } from '../context.js'
import { inTransaction, migrate } from '../database/database.js'
import { authenticate } from '../http/authenticate.js'
import { Refusal } from '../refusal.js'
import { createAccessRuleService } from './access-rules/access-rule-service.js'
import { mountAccessRules } from './access-rules/routes.js'
import { createApplicationCredentialService } from './application-credentials/application-credential-service.js'
import { mountApplicationCredentials } from './application-credentials/routes.js'
import { createAssignmentService } from './assignments/assignment-service.js'
import { mountAssignments } from './assignments/routes.js'
import { createAuthService } from './auth/auth-service.js'
import { mountLogin, mountTokens, respondToken } from './auth/routes.js'
import { createCatalogChangeService } from './catalog/catalog-change-service.js'
import { createCatalogRepository } from './catalog/catalog-repository.js'
import { createCatalogService } from './catalog/catalog-service.js'
import { mountCatalog, mountCatalogChanges } from './catalog/routes.js'
import { createCredentialService } from './credentials/credential-service.js'
import { mountCredentials } from './credentials/routes.js'
import { createDepartures } from './departures.js'
import { openDirectory } from './directory.js'
import { createDomainService } from './domains/domain-service.js'
import { mountDomains } from './domains/routes.js'
import { createEc2CredentialService } from './ec2-credentials/ec2-credential-service.js'
import { mountEc2Credentials } from './ec2-credentials/routes.js'
import { createFederationService } from './federation/federation-service.js'
import { mountFederatedLogins, mountFederation } from './federation/routes.js'
import { createShadowUsers } from './federation/shadow-users.js'
import { createGrantService } from './grants/grant-service.js'
import { mountGrants } from './grants/routes.js'
import { createGroupService } from './groups/group-service.js'
import { createMembershipService } from './groups/membership-service.js'
import { mountGroups, mountMemberships } from './groups/routes.js'
import { refuseLargeBody } from './http/json-body.js'
import { refusalResponse } from './http/refusal-response.js'
import type { Site } from './http/site.js'
import { createProjectTagService } from './project-tags/project-tag-service.js'
import { mountProjectTags } from './project-tags/routes.js'
import { createProjectHierarchy } from './projects/project-hierarchy.js'
import { createProjectService } from './projects/project-service.js'
import { mountProjects } from './projects/routes.js'
import { createReceiptService } from './receipts/receipt-service.js'
import { createRoleInferenceService } from './role-inferences/role-inference-service.js'
import { mountRoleInferences } from './role-inferences/routes.js'
import { createRoleService } from './roles/role-service.js'
import { mountRoles } from './roles/routes.js'
import { seedIdentity } from './seed.js'
import { identityMigrations } from './tables/migrations.js'
import { createTokenService } from './tokens/token-service.js'
import { mountPasswordChange, mountUsers } from './users/routes.js'
import { createUserService } from './users/user-service.js'
import { mountVersions } from './versions/routes.js'

const prefix = '/identity'

/** The Identity service, and the verifier that turns its tokens into callers for the other services. */
interface Keystone extends CloudService {
  readonly tokens: TokenVerifier
}

/**
 * The subset of Keystone v3 that clients of images and objects need. It begins with the users and projects of the
 * configuration; requests create more.
 */
export function createKeystone({ db, config, now, log, baseUrl }: CloudContext): Keystone {
  migrate(db, identityMigrations)
  const directory = openDirectory(db)
  seedIdentity(db, directory, config)
  const { region } = config
  const transact = (work: () => void) => inTransaction(db, work)
  const departures = createDepartures(directory, transact)
  const tokens = createTokenService(directory, now, config.tokenLifeSeconds)
  const auth = createAuthService({ directory, tokens, receipts: createReceiptService(now), now })
  const accessRules = createAccessRuleService(directory)
  const applicationCredentials = createApplicationCredentialService({
    applicationCredentials: directory.applicationCredentials,
    accessRules,
    tokens,
    tokenRecords: directory.tokens,
    roles: directory.roles,
    now,
    inTransaction: transact,
  })

  const app = new Hono<HttpEnv>()
  const site: Site = { app, baseUrl }
  const authUrl = () => `${baseUrl()}${prefix}`
  app.use('*', refuseLargeBody)
  mountVersions(site)
  const users = createUserService({ users: directory.users, departures })
  const createdEntries = createCatalogRepository(db)
  const catalog = createCatalogService(region, baseUrl, createdEntries)
  mountLogin(site, auth, catalog)
  const shadows = createShadowUsers(directory, transact)
  const federation = createFederationService({ config: config.identity, auth, shadows, now })
  mountFederatedLogins(site, federation, (c, id, token) => respondToken(c, id, token, catalog, 201))
  mountPasswordChange(site, users)
  app.use('*', authenticate(tokens, 'identity', authUrl))
  mountTokens(site, auth, catalog)
  mountFederation(site, federation)
  mountUsers(site, users)
  mountGroups(site, createGroupService({ groups: directory.groups, departures }))
  mountMemberships(site, createMembershipService({ ...directory, departures }))
  const hierarchy = createProjectHierarchy(directory.projects, directory.assignments)
  mountProjects(site, createProjectService({ ...directory, departures }), hierarchy)
  mountProjectTags(site, createProjectTagService(directory.projects))
  mountDomains(site, createDomainService(directory.assignments))
  mountRoles(site, createRoleService({ roles: directory.roles, departures, inTransaction: transact }))
  mountRoleInferences(site, createRoleInferenceService(directory))
  mountGrants(site, createGrantService(directory))
  mountAssignments(site, createAssignmentService(directory))
  mountApplicationCredentials(site, applicationCredentials)
  mountAccessRules(site, accessRules)
  const allCredentials = createCredentialService({ credentials: directory.credentials, tokens })
  mountCredentials(site, allCredentials)
  mountEc2Credentials(site, createEc2CredentialService({ ...directory, allCredentials, tokens }))
  mountCatalog(site, catalog)
  mountCatalogChanges(
    site,
    createCatalogChangeService({ created: createdEntries, entries: catalog.entries, inTransaction: transact }),
  )
  app.notFound((c) => refusalResponse(c, notFound, log, authUrl()))
  app.onError((error, c) => refusalResponse(c, error, log, authUrl()))
  return { prefix, app, tokens }
}

const notFound = new Refusal(
  'not-found',
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
)
