import type { TokenGrant } from '../auth/token-grant.js'
import type { ServiceResponse } from '../http/service-response.js'
import type { Query, ServiceClient } from '../service/service-client.js'
import { path } from '../http/path.js'
import { isForbidden, isNotFound } from '../errors/guards.js'
import { NoMatchError, NoUniqueMatch } from '../errors/image-errors.js'

/** A project, with the fields that a client needs. */
export interface Project {
  readonly id: string
  readonly name: string
  readonly domainId: string | undefined
}

/** The identity service of a cloud. */
export interface Identity {
  /** The token in use and what it is for, renewed when it is about to expire. */
  grant(signal?: AbortSignal): Promise<TokenGrant>
  /**
   * A project by id or name. Users who may not look up projects find only those in which they have a role.
   * @param domain only a project of this domain, by id or name
   * @throws NoMatchError, NoUniqueMatch
   */
  findProject(nameOrId: string, signal?: AbortSignal, domain?: string): Promise<Project>
}

export function createIdentity(client: ServiceClient, grant: Identity['grant']): Identity {
  return {
    grant,
    async findProject(nameOrId, signal, domain) {
      const found = await findProjects(client, nameOrId, signal)
      const inDomain = domain === undefined ? found : await ofDomain(client, found, domain, signal)
      const [first] = inDomain
      if (!first) {
        const where = domain === undefined ? '' : ` in the domain ${domain}`
        throw new NoMatchError(`no project ${nameOrId}${where}, or none that you may see`, {
          hint: 'use the id of the project',
        })
      }
      if (inDomain.length > 1) throw new NoUniqueMatch(`several projects are called ${nameOrId}`, inDomain)
      return first
    },
  }
}

async function findProjects(
  client: ServiceClient,
  nameOrId: string,
  signal: AbortSignal | undefined,
): Promise<readonly Project[]> {
  const get = (where: string, query?: Query) => client.request({ method: 'GET', path: where, query, signal })
  const byId = await allowed(get(path`/projects/${nameOrId}`))
  const project = byId && toProject(await field(byId, 'project'))
  if (project) return [project]
  const named = (await allowed(get('/projects', [['name', nameOrId]]))) ?? (await get('/auth/projects'))
  return toProjects(await field(named, 'projects')).filter(({ id, name }) => id === nameOrId || name === nameOrId)
}

/** Those of a domain: names are resolved only if no project has it as the id of its domain. */
async function ofDomain(
  client: ServiceClient,
  projects: readonly Project[],
  domain: string,
  signal: AbortSignal | undefined,
): Promise<readonly Project[]> {
  const byId = projects.filter(({ domainId }) => domainId === domain)
  if (byId.length > 0 || projects.length === 0) return byId
  const get = (where: string, query?: Query) => client.request({ method: 'GET', path: where, query, signal })
  const named = (await allowed(get('/domains', [['name', domain]]))) ?? (await get('/auth/domains'))
  const domains = await field(named, 'domains')
  const ids = (Array.isArray(domains) ? domains : []).flatMap((each: { id?: unknown; name?: unknown }) =>
    each.name === domain ? [each.id] : [],
  )
  return projects.filter(({ domainId }) => ids.includes(domainId))
}

/** Keystone responds with 403 or 404 to users who may not look up projects; in both cases another request is tried. */
async function allowed(response: Promise<ServiceResponse>): Promise<ServiceResponse | undefined> {
  try {
    return await response
  } catch (error) {
    if (isForbidden(error) || isNotFound(error)) return undefined
    throw error
  }
}

async function field(response: ServiceResponse, name: string): Promise<unknown> {
  const body = await response.json()
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
}

function toProjects(value: unknown): Project[] {
  return Array.isArray(value) ? value.flatMap((item) => toProject(item) ?? []) : []
}

function toProject(value: unknown): Project | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, name, domain_id: domainId } = value as Record<string, unknown>
  if (typeof id !== 'string' || typeof name !== 'string') return undefined
  return { id, name, domainId: typeof domainId === 'string' ? domainId : undefined }
}
