import { respond, respondJson } from '../../http/respond.js'
import { randomBytes } from 'node:crypto'
import { objectAt, optionalStringAt, stringAt, type Fields } from '../auth/fields.js'
import { Refusal } from '../../refusal.js'
import { conflict, couldNotFind, forbidden, invalidField } from '../errors.js'
import { collection, selfLink } from '../http/collection.js'
import { jsonObject } from '../http/json-body.js'
import {
  parameter,
  requireAdmin,
  requireSelf,
  type IdentityContext,
  type IdentityParts,
} from '../http/identity-context.js'
import { inTransaction } from '../../database/database.js'
import { toRoles, findRole, withImplied } from '../roles/roles.js'
import { hashSecret } from '../secret-hash.js'
import { freshId } from '../stable-id.js'
import { wireTime } from '../wire-time.js'
import type { AccessRuleRepository } from './access-rule-repository.js'
import type { AccessRule } from '../../http/access-rules.js'
import { readAccessRules } from './access-rules.js'
import type { CredentialRecord } from './credential-repository.js'

/** `/v3/users/{id}/application_credentials` (keystone/api/users.py `UserAppCred…Resource`). */
export function mountApplicationCredentials({ app, directory, tokens, context }: IdentityParts): void {
  const { credentials } = directory
  const render = (credential: CredentialRecord, secret?: string) =>
    toWireCredential(credential, context.baseUrl(), secret)
  const find = (c: IdentityContext): CredentialRecord => {
    const id = parameter(c, 'credential')
    const credential = credentials.find(id)
    if (credential === undefined || credential.userId !== parameter(c, 'id')) {
      throw couldNotFind('Application Credential', id)
    }
    return credential
  }
  /** A restricted credential must not be a way to more of them. */
  const refuseRestricted = (c: IdentityContext, action: string) => {
    const token = tokens.find(c.get('caller').token)
    if (token?.credential !== undefined && !token.credential.unrestricted) throw forbidden(`identity:${action}`)
  }

  app.get('/v3/users/:id/application_credentials', (c) => {
    const userId = parameter(c, 'id')
    requireSelf(c, userId, 'list_application_credentials')
    const found = credentials.list(userId, c.req.query('name'))
    return collection(
      c,
      'application_credentials',
      found.map((each) => render(each)),
      context.baseUrl(),
    )
  })
  app.post('/v3/users/:id/application_credentials', async (c) => {
    const userId = parameter(c, 'id')
    if (c.get('caller').userId !== userId) throw forbidden('identity:create_application_credential')
    refuseRestricted(c, 'create_application_credential')
    const body = await jsonObject(c)
    const fields = objectAt(body['application_credential'], 'application_credential')
    const secret = optionalStringAt(fields, 'secret', 'application_credential') ?? randomBytes(64).toString('base64url')
    const credential = readCredential(fields, c, secret, directory.accessRules)
    requireRoom(credentials.sizeOf(userId))
    if (credentials.list(userId, credential.name).length > 0) {
      throw conflict('application_credential', `Duplicate entry found with name ${credential.name}`)
    }
    inTransaction(context.db, () => {
      for (const rule of credential.accessRules) {
        if (directory.accessRules.find(userId, rule.id) === undefined) directory.accessRules.insert(userId, rule)
      }
      credentials.insert(credential)
    })
    return respondJson(c, { application_credential: render(credential, secret) }, 201)
  })
  app.get('/v3/users/:id/application_credentials/:credential', (c) => {
    requireSelf(c, parameter(c, 'id'), 'get_application_credential')
    return respondJson(c, { application_credential: render(find(c)) })
  })
  app.delete('/v3/users/:id/application_credentials/:credential', (c) => {
    if (c.get('caller').userId !== parameter(c, 'id')) requireAdmin(c, 'delete_application_credential')
    refuseRestricted(c, 'delete_application_credential')
    const { id } = find(c)
    credentials.remove(id)
    directory.tokens.removeOfCredential(id)
    return respond(c, 204)
  })
}

/** `/v3/users/{id}/access_rules` (keystone/api/users.py `UserAccessRule…Resource`). */
export function mountAccessRules({ app, directory, context }: IdentityParts): void {
  const { accessRules, credentials } = directory
  const render = (rule: AccessRule, userId: string) => ({
    ...rule,
    ...selfLink(context.baseUrl(), `users/${userId}/access_rules/${rule.id}`),
  })
  const find = (c: IdentityContext): AccessRule => {
    const id = parameter(c, 'rule')
    const rule = accessRules.find(parameter(c, 'id'), id)
    if (rule === undefined) throw couldNotFind('Access Rule', id)
    return rule
  }
  app.get('/v3/users/:id/access_rules', (c) => {
    const userId = parameter(c, 'id')
    requireSelf(c, userId, 'list_access_rules')
    const { service, path, method } = c.req.query()
    const found = accessRules
      .list(userId)
      .filter(
        (rule) => [service ?? rule.service, path ?? rule.path, method ?? rule.method].join(' ') === ruleText(rule),
      )
    return collection(
      c,
      'access_rules',
      found.map((rule) => render(rule, userId)),
      context.baseUrl(),
    )
  })
  app.get('/v3/users/:id/access_rules/:rule', (c) => {
    const userId = parameter(c, 'id')
    requireSelf(c, userId, 'get_access_rule')
    return respondJson(c, { access_rule: render(find(c), userId) })
  })
  app.delete('/v3/users/:id/access_rules/:rule', (c) => {
    const userId = parameter(c, 'id')
    requireSelf(c, userId, 'delete_access_rule')
    const rule = find(c)
    if (credentials.list(userId).some((each) => each.accessRules.some(({ id }) => id === rule.id))) {
      throw new Refusal('forbidden', 'May not delete access rule in use')
    }
    accessRules.remove(userId, rule.id)
    return respond(c, 204)
  })
}

function ruleText({ service, path, method }: AccessRule): string {
  return [service, path, method].join(' ')
}

/** A list is sent whole, so it has an end. Keystone has `user_limit`, which is off in a stock one. */
const mostCredentials = 1000
const mostCharacters = 2 * 1024 ** 2

function requireRoom({ count, characters }: { readonly count: number; readonly characters: number }): void {
  if (count < mostCredentials && characters < mostCharacters) return
  throw new Refusal(
    'forbidden',
    `Unable to create additional application credentials, maximum of ${count} already exceeded for user.`,
  )
}

function readCredential(
  fields: Fields,
  c: IdentityContext,
  secret: string,
  accessRules: AccessRuleRepository,
): CredentialRecord {
  const path = 'application_credential'
  const { userId, projectId, roles } = c.get('caller')
  if (projectId === undefined) {
    throw new Refusal('invalid', 'Invalid application credential: a token that is scoped to a project is needed')
  }
  const name = stringAt(fields, 'name', path)
  if (name === '' || name.length > 255) throw invalidField(`${path}/name`, 'a name has 1 to 255 characters')
  const unrestricted = fields['unrestricted'] ?? false
  if (typeof unrestricted !== 'boolean') throw invalidField(`${path}/unrestricted`, "it is not of type 'boolean'")
  return {
    id: freshId(),
    userId,
    projectId,
    name,
    description: optionalStringAt(fields, 'description', path) ?? null,
    secretHash: hashSecret(secret),
    roles: readRoles(fields['roles'], roles),
    expiresAt: readTime(optionalStringAt(fields, 'expires_at', path)),
    unrestricted,
    accessRules: chooseRules(userId, readAccessRules(fields['access_rules']), accessRules),
  }
}

/** The user's own rules where there are such ones, new ones else (keystone/application_credential/backends/sql.py). */
function chooseRules(
  userId: string,
  wanted: ReturnType<typeof readAccessRules>,
  rules: AccessRuleRepository,
): AccessRule[] {
  const chosen = new Map<string, AccessRule>()
  for (const rule of wanted) {
    const known = rule.id === undefined ? undefined : rules.find(userId, rule.id)
    if (known === undefined && rule.id !== undefined && (!('path' in rule) || rules.isTaken(rule.id))) {
      throw couldNotFind('Access Rule', rule.id)
    }
    if (known !== undefined) chosen.set(known.id, known)
    else if ('path' in rule) {
      const same = rules.findSame(userId, rule) ?? [...chosen.values()].find((each) => isSameRule(each, rule))
      const { id = freshId(), service, path, method } = rule
      const fresh = same ?? { id, service, path, method }
      chosen.set(fresh.id, fresh)
    }
  }
  return [...chosen.values()]
}

function isSameRule(one: Omit<AccessRule, 'id'>, other: Omit<AccessRule, 'id'>): boolean {
  return one.service === other.service && one.path === other.path && one.method === other.method
}

/** The asked roles with what they imply; none asked: those of the token. */
function readRoles(asked: unknown, own: readonly string[]): readonly string[] {
  if (asked === undefined || asked === null || (Array.isArray(asked) && asked.length === 0)) return own
  if (!Array.isArray(asked)) throw invalidField('application_credential/roles', 'a list is needed')
  const names = asked.map((each: unknown) => {
    const fields = objectAt(each, 'application_credential/roles')
    const role = findRole(String(fields['id'] ?? fields['name']))
    if (role === undefined || !own.includes(role.name)) {
      throw new Refusal(
        'invalid',
        'Invalid application credential: Cannot create an application credential with unassigned role',
      )
    }
    return role.name
  })
  return withImplied(names)
}

function readTime(text: string | undefined): number | null {
  if (text === undefined) return null
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  if (Number.isNaN(time)) throw invalidField('application_credential/expires_at', `'${text}' is not a time`)
  return time
}

function toWireCredential(credential: CredentialRecord, baseUrl: string, secret?: string): object {
  const { id, userId, expiresAt } = credential
  return {
    id,
    name: credential.name,
    description: credential.description,
    project_id: credential.projectId,
    roles: toRoles(credential.roles),
    expires_at: expiresAt === null ? null : wireTime(expiresAt).replace('Z', ''),
    unrestricted: credential.unrestricted,
    ...(credential.accessRules.length > 0 && { access_rules: credential.accessRules }),
    ...(secret !== undefined && { secret }),
    ...selfLink(baseUrl, `users/${userId}/application_credentials/${id}`),
  }
}
