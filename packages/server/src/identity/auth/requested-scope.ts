import { isDefaultDomain } from '../domains/default-domain.js'
import { invalidField, unauthorized } from '../errors.js'
import type { ProjectRepository } from '../projects/project-repository.js'
import type { Scope } from '../tokens/scope.js'
import { objectAt, optionalObjectAt, optionalStringAt, type Fields } from '../fields.js'

/**
 * The scope that a login requests: `auth.scope` (keystone/auth/core.py `_validate_and_normalize_scope_data`).
 * @throws Refusal unauthenticated when the project or domain does not exist; invalid unless one scope is requested
 */
export function requestedScope(value: unknown, projects: ProjectRepository): Scope {
  if (value === undefined || value === 'unscoped') return { kind: 'unscoped' }
  const fields = objectAt(value, 'scope')
  const asked = Object.keys(fields)
  if (asked.length !== 1) throw invalidField('scope', 'exactly one of project, domain, system or unscoped is needed')
  const reader = Object.hasOwn(readers, asked[0] ?? '') ? readers[asked[0] ?? ''] : undefined
  if (reader === undefined) throw invalidField('scope', `'${asked[0]}' is not a scope`)
  return reader(fields, projects)
}

const readers: Readonly<Record<string, (fields: Fields, projects: ProjectRepository) => Scope>> = {
  unscoped: () => ({ kind: 'unscoped' }),
  system: () => ({ kind: 'system' }),
  domain(fields) {
    const domain = optionalObjectAt(fields, 'domain', 'scope')
    if (domain?.['id'] === undefined && domain?.['name'] === undefined) {
      throw invalidField('scope/domain', 'id or name must be present.')
    }
    if (!isDefaultDomain(domain)) throw unauthorized()
    return { kind: 'domain' }
  },
  project(fields, projects) {
    const path = 'scope/project'
    const project = objectAt(fields['project'], path)
    const id = optionalStringAt(project, 'id', path)
    const name = optionalStringAt(project, 'name', path)
    if (id === undefined && name === undefined) throw invalidField(path, 'id or name must be present.')
    const isKnownDomain = id !== undefined || isDefaultDomain(optionalObjectAt(project, 'domain', path))
    const found = id === undefined ? projects.findByName(name ?? '') : projects.find(id)
    if (!isKnownDomain || found === undefined) throw unauthorized()
    return { kind: 'project', projectId: found.id }
  },
}
