import { isDefaultDomainId } from '../domains/default-domain.js'
import type { ProjectRecord } from './project-repository.js'

/** Filters for listing projects; a field that is left out matches all. */
export interface ProjectFilter {
  readonly name?: string | undefined
  readonly domainId?: string | undefined
  readonly parentId?: string | undefined
  readonly enabled?: boolean | undefined
  readonly tags?: TagFilter | undefined
}

/** Which tags a project must and must not have (keystone/resource/backends/sql.py `list_projects_by_tags`). */
export interface TagFilter {
  /** It has each of these. */
  readonly all?: readonly string[] | undefined
  /** It has at least one of these. */
  readonly any?: readonly string[] | undefined
  /** It lacks at least one of these. */
  readonly notAll?: readonly string[] | undefined
  /** It has none of these. */
  readonly notAny?: readonly string[] | undefined
}

/** Whether a project matches all filters but the one for its name. */
export function matchesFilter(project: ProjectRecord, filter: ProjectFilter): boolean {
  return (
    isDefaultDomainId(filter.domainId) &&
    (filter.parentId ?? project.parentId) === project.parentId &&
    (filter.enabled ?? project.enabled) === project.enabled &&
    matchesTags(project.tags, filter.tags ?? {})
  )
}

function matchesTags(tags: readonly string[], { all, any, notAll, notAny }: TagFilter): boolean {
  const isThere = (tag: string) => tags.includes(tag)
  return (
    (all === undefined || all.every(isThere)) &&
    (any === undefined || any.some(isThere)) &&
    (notAll === undefined || !notAll.every(isThere)) &&
    (notAny === undefined || !notAny.some(isThere))
  )
}
