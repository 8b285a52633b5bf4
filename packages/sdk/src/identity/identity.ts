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
   * @throws NoMatchError, NoUniqueMatch
   */
  findProject(nameOrId: string, signal?: AbortSignal): Promise<Project>
}

export function createIdentity(client: ServiceClient, grant: Identity['grant']): Identity {
  return { grant, findProject: (nameOrId, signal) => findProject(client, nameOrId, signal) }
}

async function findProject(client: ServiceClient, nameOrId: string, signal: AbortSignal | undefined): Promise<Project> {
  const get = (where: string, query?: Query) => client.request({ method: 'GET', path: where, query, signal })
  const byId = await allowed(get(path`/projects/${nameOrId}`))
  const project = byId && toProject(await field(byId, 'project'))
  if (project) return project
  const named = (await allowed(get('/projects', [['name', nameOrId]]))) ?? (await get('/auth/projects'))
  const projects = toProjects(await field(named, 'projects')).filter(
    ({ id, name }) => id === nameOrId || name === nameOrId,
  )
  const [first] = projects
  if (!first) {
    throw new NoMatchError(`no project ${nameOrId}, or none that you may see`, { hint: 'use the id of the project' })
  }
  if (projects.length > 1) throw new NoUniqueMatch(`several projects are called ${nameOrId}`, projects)
  return first
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
