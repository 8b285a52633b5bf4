import { UsageError } from '../../errors/tyrax-error.js'
import type { ImportVia } from './import-options.js'

/** What decides on the way of an import. */
export interface ImportNeeds {
  /** Whether the data is at an address. */
  readonly hasUri: boolean
  /** Why the server cannot download it, or should not. Undefined: it may. */
  readonly mustBeSent: string | undefined
  /** Whether the data goes to more than one store. */
  readonly isForMany: boolean
  /** What the cloud offers. */
  readonly methods: readonly string[]
}

/** One way, and why it is taken. */
export interface Way {
  readonly via: ImportVia
  readonly reason: string
}

/**
 * The ways that would work, the best first. The server's own download saves the way through this computer; an upload is
 * one step and verified by its hash; only an import reaches several stores.
 * @throws UsageError when none would work
 */
export function waysToImport({ hasUri, mustBeSent, isForMany, methods }: ImportNeeds): readonly [Way, ...Way[]] {
  const ways: Way[] = []
  const isOffered = methods.includes('web-download')
  if (hasUri && mustBeSent === undefined && isOffered) {
    ways.push({ via: 'web', reason: 'the cloud downloads from addresses (web-download)' })
  }
  const why = hasUri ? (mustBeSent ?? (isOffered ? undefined : 'the cloud offers no web-download')) : undefined
  const because = why === undefined ? '' : `${why}; `
  if (!isForMany) ways.push({ via: 'upload', reason: `${because}one store is reached by an upload` })
  else if (methods.includes('glance-direct')) {
    ways.push({ via: 'direct', reason: `${because}several stores are reached by an import (glance-direct)` })
  }
  const [best, ...others] = ways
  if (best) return [best, ...others]
  throw new UsageError(`${because}the cloud offers no import of sent data (glance-direct), which several stores need`, {
    hint: 'name one store, or create the image and copy it (method: copy-image)',
  })
}
