import { memberStatuses } from '@tyrax/protocol'
import type { Caller } from '../../../context.js'
import type { Condition } from './conditions.js'
import type { ListQuery } from './list-query.js'
import { equalTo, ownedBy, sharedWith, type Fragment, type Hidden, type Source } from './sources.js'

/** The expressions of what decides who sees an image. */
interface SeenImage {
  readonly owner: string
  readonly visibility: string
  /** Where the members are, and which of their rows is about the image. */
  readonly members: string
}

const inTable: SeenImage = {
  owner: 'i.owner',
  visibility: 'i.visibility',
  members: 'image_members m WHERE m.image_id = i.id',
}

/**
 * Which images a list is about before its filters: those that the caller can see, without other projects' community
 * images unless they are requested. Undefined when there is nothing to check.
 */
export function sightCondition({ visibility, memberStatus }: ListQuery, caller: Caller): Condition | undefined {
  if (caller.isAdmin && visibility === 'all') return undefined
  const project = caller.projectId ?? null
  const states = memberStatus === 'all' ? memberStatuses : [memberStatus]
  const ofAnyone = !caller.isAdmin && project !== null
  const conditionOf = (hasShared: boolean): Condition => {
    const check = (image: SeenImage): Fragment => {
      const parts = [
        ...(caller.isAdmin ? [] : [visibleTo(project, hasShared ? memberStatus : undefined, image)]),
        ...(visibility === 'all' ? [] : [ofVisibility(visibility, project, image)]),
      ]
      return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) }
    }
    return {
      ...check(inTable),
      inIndex: ({ id, createdAt, access }, hidden) => {
        if (access === undefined) return undefined
        // The members of one status are in order of creation, too.
        const members =
          memberStatus === 'all'
            ? `image_members m WHERE m.image_id = ${id}`
            : `image_members m INDEXED BY image_members_by_member WHERE m.image_shared_hidden = ${hidden} AND
               m.image_created_at = ${createdAt} AND m.image_id = ${id}`
        return check({ ...access, members })
      },
      isNarrow: !caller.isAdmin || visibility !== undefined,
      ...(hasShared &&
        ofAnyone && {
          // Most projects are members of no image, and need not be looked for among the members of each.
          refine: (isEmpty, hidden) =>
            conditionOf(!states.every((status) => isEmpty(sharedWith(project, status, hidden)))),
        }),
      sources: (hidden) => {
        const sources = caller.isAdmin
          ? ofEveryProject(visibility, project, hidden)
          : ofOneProject(visibility, project, hasShared ? states : [], hidden)
        return sources.flatMap((source) => source ?? [])
      },
    }
  }
  return conditionOf(true)
}

/**
 * The images that a project can see: public, community, its own, and those shared with it that have this member status
 * (`_select_images_query` of glance/db/sqlalchemy/api.py). Without a member status, none are shared with it.
 */
function visibleTo(project: string | null, memberStatus: string | undefined, image: SeenImage): Fragment {
  const open = `${image.visibility} IN ('public', 'community') OR ${image.owner} = ?`
  if (memberStatus === undefined) return { sql: `(${open})`, values: [project] }
  const responded = memberStatus === 'all' ? '' : ' AND m.status = ?'
  return {
    sql: `(${open} OR (${image.visibility} = 'shared' AND
      EXISTS (SELECT 1 FROM ${image.members} AND m.member_id = ?${responded})))`,
    values: [project, project, ...(memberStatus === 'all' ? [] : [memberStatus])],
  }
}

function ofVisibility(visibility: string | undefined, project: string | null, image: SeenImage): Fragment {
  if (visibility !== undefined) return { sql: `${image.visibility} = ?`, values: [visibility] }
  return {
    sql: `(${image.visibility} <> 'community' OR ${image.owner} = ?)`,
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

/** An image that is among the project's own and among others, too, is taken once from both. */
function ofOneProject(
  visibility: string | undefined,
  project: string | null,
  states: readonly string[],
  hidden: Hidden,
): (Source | undefined)[] {
  const all = visibility === undefined || visibility === 'all'
  if (visibility === 'public' || visibility === 'community') return [equalTo('visibility', visibility, hidden)]
  return [
    ...own(project, all ? undefined : visibility, hidden),
    ...(all ? [equalTo('visibility', 'public', hidden)] : []),
    ...(visibility === 'all' ? [equalTo('visibility', 'community', hidden)] : []),
    ...(project !== null && (all || visibility === 'shared')
      ? states.map((status) => sharedWith(project, status, hidden))
      : []),
  ]
}

function own(project: string | null, visibility: string | undefined, hidden: Hidden): Source[] {
  return project === null ? [] : ownedBy(project, visibility, hidden)
}
