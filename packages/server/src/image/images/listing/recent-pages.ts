import type { ImageRecord } from '../image-record.js'
import { plainCharacters } from '../recent-records.js'
import type { ChangeLog } from './change-log.js'
import type { ImageSearch } from './image-search.js'

/** Images in list order. */
export interface ImagePage {
  readonly images: readonly ImageRecord[]
  /** Whether it was cut before its end. */
  readonly isCut: boolean
  /** The characters of the images' tags and properties. */
  readonly characters: number
}

/** The most characters of all pages together, counted like those of records: about four pages of 1,000 plain images. */
const mostCharacters = 4 * 1024 ** 2

/** Caches recent pages: dashboards and scripts that wait ask for the same one again and again. */
export interface RecentPages {
  /**
   * The page of a search: the remembered one unless an image was changed since, otherwise the one that `read` returns. That
   * is remembered unless an image is changed while it is read; the oldest pages are dropped.
   */
  find(search: ImageSearch, read: (search: ImageSearch) => Promise<ImagePage>): Promise<ImagePage>
}

export function rememberPages(changes: Pick<ChangeLog, 'newest'>): RecentPages {
  const pages = new Map<string, ImagePage>()
  /** The change after which all of the pages were read. */
  let current = 0
  let held = 0
  const forgetOutdated = () => {
    const newest = changes.newest()
    if (newest === current) return
    pages.clear()
    held = 0
    current = newest
  }
  const keep = (key: string, page: ImagePage) => {
    pages.set(key, page)
    held += sizeOf(page)
    for (const [oldKey, old] of pages) {
      if (held <= mostCharacters) break
      pages.delete(oldKey)
      held -= sizeOf(old)
    }
  }
  return {
    async find(search, read) {
      forgetOutdated()
      const key = keyOf(search)
      const known = pages.get(key)
      if (known !== undefined) return known
      const place = current
      const page = await read(search)
      forgetOutdated()
      if (place === current && sizeOf(page) <= mostCharacters && !pages.has(key)) keep(key, page)
      return page
    },
  }
}

function sizeOf({ images, characters }: ImagePage): number {
  return plainCharacters * (1 + images.length) + characters
}

/** What a search is for; conditions with the same SQL and values are the same. */
function keyOf({ hidden, conditions, within, sort, marker, limit }: ImageSearch): string {
  const checks = conditions.map(({ sql, values }) => [sql, values])
  return JSON.stringify([hidden, checks, within, sort, marker?.id, limit])
}
