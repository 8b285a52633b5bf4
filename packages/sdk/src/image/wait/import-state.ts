import type { Image } from '../images/image.js'
import type { ImageTask } from '../tasks/image-task.js'

/** How an import ended for one store, or has not yet. */
export interface StoreResult {
  readonly store: string
  readonly status: 'success' | 'failure' | 'pending'
}

/**
 * What an image's properties reveal about its import (glance/async_/flows/api_image_import.py). Of these, the first is
 * there as long as the import runs; the others stay, empty when there is nothing to name.
 */
export interface ImportState {
  /** The task that has locked the image. */
  readonly taskId: string | undefined
  /** Stores that still wait for their copy. */
  readonly todo: readonly string[]
  readonly failed: readonly string[]
}

export function importState({ properties }: Image): ImportState {
  return {
    taskId: properties['os_glance_import_task'] || undefined,
    todo: listed(properties['os_glance_importing_to_stores']),
    failed: listed(properties['os_glance_failed_import']),
  }
}

/** What has become of each store; empty where the cloud names no stores. */
export function storeResults(image: Image, requested: readonly string[] = []): StoreResult[] {
  const { todo, failed } = importState(image)
  const stored = listed(image.stores ?? undefined)
  const names = new Set([...requested, ...stored, ...failed, ...todo])
  return [...names].map((store) => ({
    store,
    status: todo.includes(store)
      ? 'pending'
      : stored.includes(store) && !failed.includes(store)
        ? 'success'
        : 'failure',
  }))
}

/** The bytes that a task reports to have copied: `Copied 12 MiB`. */
export function bytesCopied({ message }: ImageTask): number | undefined {
  const [, mebibytes] = /^Copied (\d+) MiB$/.exec(message) ?? []
  return mebibytes === undefined ? undefined : Number(mebibytes) * 2 ** 20
}

/** Whether the task brings data to the image: an import, or the hash of a location. */
export const isImport = ({ type }: ImageTask): boolean => type === 'api_image_import' || type === 'location_import'

const listed = (text: string | undefined): string[] => (text ?? '').split(',').filter(Boolean)
