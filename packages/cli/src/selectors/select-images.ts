import { maxPageSize } from '@tyrax/protocol'
import { type Cloud, type Image, type ImageListParams, UsageError } from '@tyrax/sdk'
import { matches } from './matches.js'
import type { Selector } from './selector.js'
import { serverFilters } from './server-filters.js'

interface Selection {
  /**
   * `own`: images of this project, unless the selector has `owner`; an administrator sees the images of all projects.
   * `visible`: all that a list shows.
   */
  readonly scope: 'own' | 'visible'
  readonly signal: AbortSignal
  /** Further filters. */
  readonly filters?: ImageListParams
}

/**
 * All images that meet the conditions. Hidden ones are among them if the selector has `os_hidden`.
 * @throws UsageError when the project is not known and the selector does not say whose images it means
 */
export async function selectImages(cloud: Cloud, selector: Selector, selection: Selection): Promise<Image[]> {
  const { scope, signal, filters = {} } = selection
  const isOwned = scope === 'own' && !selector.terms.some(({ field }) => field.name === 'owner')
  const owner = isOwned ? cloud.projectId : undefined
  if (isOwned && owner === undefined) {
    throw new UsageError(`${JSON.stringify(selector.text)} would select the images of all projects`, {
      hint: 'the token is for no project: add owner=PROJECT, or owner~* for all',
    })
  }
  const params = {
    limit: maxPageSize,
    ...serverFilters(selector),
    ...(owner === undefined ? {} : { owner }),
    ...filters,
    signal,
  }
  const lists = await Promise.all(
    hiddenOf(selector).map((osHidden) => cloud.images.list({ ...params, ...(osHidden ? { osHidden } : {}) }).toArray()),
  )
  const found = new Map(lists.flat().map((image) => [image.id, image]))
  return [...found.values()].filter(
    (image) => matches(selector, image) && (owner === undefined || image.owner === owner),
  )
}

/** A list shows either hidden images or the others. */
function hiddenOf({ terms }: Selector): readonly boolean[] {
  const term = terms.find(({ field }) => field.name === 'os_hidden')
  if (!term) return [false]
  return [false, true].filter((isHidden) => term.values.includes(isHidden) === (term.operator === '='))
}
