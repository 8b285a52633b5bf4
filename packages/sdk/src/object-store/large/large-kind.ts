import type { ResponseHeaders } from '../../errors/http-error.js'

/**
 * How an object is made of segments: `static`, by a manifest that names each of them; `dynamic`, of whatever objects have
 * names that begin alike at the time it is read.
 */
export type LargeKind = 'static' | 'dynamic'

/** Undefined for an object that has its own bytes. */
export function largeKind(headers: ResponseHeaders): LargeKind | undefined {
  if (headers.get('x-static-large-object')?.toLowerCase() === 'true') return 'static'
  return headers.has('x-object-manifest') ? 'dynamic' : undefined
}
