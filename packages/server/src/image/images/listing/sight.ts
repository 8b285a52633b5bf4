import { memberStatuses } from '@tyrax/protocol'
import type { Caller } from '../../../context.js'
import type { Condition } from './conditions.js'
import type { ListQuery } from './list-query.js'
import { equalTo, narrowed, ownedBy, sharedWith, type Hidden, type Source } from './sources.js'

/**
 * Which images a list is about before its filters: those that the caller can see, without other projects' community
 * images unless they are requested. Undefined when there is nothing to check.
 */
export function sightCondition({ visibility, memberStatus }: ListQuery, caller: Caller): Condition | undefined {
  const project = caller.projectId ?? null
  const parts = [
    ...(caller.isAdmin ? [] : [visibleTo(project, memberStatus)]),
    ...(visibility === 'all' ? [] : [ofVisibility(visibility, project)]),
  ]
  if (parts.length === 0) return undefined
  return {
    sql: parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }) => values),
    isNarrow: !caller.isAdmin,
    sources: (hidden) => {
      const sources = caller.isAdmin
        ? ofEveryProject(visibility, project, hidden)
        : ofOneProject(visibility, project, memberStatus, hidden)
      return sources.flatMap((source) => source ?? [])
    },
  }
}

/**
 * The images that a project can see: public, community, its own, and those shared with it that have this member status
 * (`_select_images_query` of glance/db/sqlalchemy/api.py).
 */
function visibleTo(project: string | null, memberStatus: string): Condition {
  const answered = memberStatus === 'all' ? '' : ' AND m.status = ?'
  return {
    sql: `(i.visibility IN ('public', 'community') OR i.owner = ? OR (i.visibility = 'shared' AND EXISTS
      (SELECT 1 FROM image_members m WHERE m.image_id = i.id AND m.member_id = ?${answered})))`,
    values: [project, project, ...(memberStatus === 'all' ? [] : [memberStatus])],
  }
}

function ofVisibility(visibility: string | undefined, project: string | null): Condition {
  if (visibility !== undefined) return { sql: 'i.visibility = ?', values: [visibility] }
  return {
    sql: `(i.visibility <> 'community' OR i.owner = ?)`,
    values: [project],
  }
}

function ofEveryProject(visibility: string | undefined, project: string | null, hidden: Hidden) {
  if (visibility !== undefined) return [equalTo('visibility', visibility, hidden)]
  return [
    ...['public', 'shared', 'private'].map((each) => equalTo('visibility', each, hidden)),
    ...own(project, 'community', hidden),
  ]
}

/** Each image once: those of other projects are looked for without the project's own. */
function ofOneProject(
  visibility: string | undefined,
  project: string | null,
  memberStatus: string,
  hidden: Hidden,
): (Source | undefined)[] {
  const all = visibility === undefined || visibility === 'all'
  const others = (source: Source | undefined) =>
    source && (project === null ? source : narrowed(source, { sql: 'i.owner IS NOT ?', values: [project] }))
  if (visibility === 'public' || visibility === 'community') return [equalTo('visibility', visibility, hidden)]
  const states = memberStatus === 'all' ? memberStatuses : [memberStatus]
  return [
    ...own(project, all ? undefined : visibility, hidden),
    ...(all ? [others(equalTo('visibility', 'public', hidden))] : []),
    ...(visibility === 'all' ? [others(equalTo('visibility', 'community', hidden))] : []),
    ...(project !== null && (all || visibility === 'shared')
      ? states.map((status) => others(sharedWith(project, status, hidden)))
      : []),
  ]
}

function own(project: string | null, visibility: string | undefined, hidden: Hidden): Source[] {
  return project === null ? [] : ownedBy(project, visibility, hidden)
}
