import type { ServiceClient } from '../../service/service-client.js'
import { MalformedResponseError } from '../../errors/connection-errors.js'

/**
 * The limits of a Swift, as its `/info` reports them (swift/common/constraints.py and middleware/slo.py have the
 * defaults).
 */
export interface StorageLimits {
  /** Largest object that is not made of segments, and so the largest segment. */
  readonly maxObjectBytes: number
  readonly maxNameBytes: number
  /**
   * Support for static large objects. `unsupported`: the server reports that it has none; `unknown`: it does not show
   * its `/info`, and the other values are the defaults of a stock Swift.
   */
  readonly support: 'supported' | 'unsupported' | 'unknown'
  readonly maxSegments: number
  readonly minSegmentBytes: number
}

/** Requests the limits once, and remembers them. */
export type ReadLimits = (signal?: AbortSignal) => Promise<StorageLimits>

/** The limits of a stock Swift. */
export const stockLimits: StorageLimits = {
  maxObjectBytes: 5 * 1024 ** 3 + 2,
  maxNameBytes: 1024,
  support: 'unknown',
  maxSegments: 1000,
  minSegmentBytes: 1,
}

export function rememberLimits(client: ServiceClient): ReadLimits {
  let known: StorageLimits | undefined
  return async (signal) => (known ??= await readLimits(client, signal))
}

/** GET of `/info`, which needs no account: next to the version in the endpoint's path, otherwise at the host's root. */
async function readLimits(client: ServiceClient, signal: AbortSignal | undefined): Promise<StorageLimits> {
  for (const path of infoPaths(await client.endpoint())) {
    const response = await client.request({ method: 'GET', path, accept: refusals, signal })
    if (response.status >= 400) {
      await response.discard()
      continue
    }
    try {
      return decodeLimits(await response.json())
    } catch (error) {
      // A web page of something else at that address.
      if (!(error instanceof MalformedResponseError)) throw error
    }
  }
  return stockLimits
}

/** Not there, or not public. */
const refusals = [400, 401, 403, 404, 405, 410, 412]

/** As paths below the endpoint, because a client requests nothing else. */
function infoPaths(endpoint: string): readonly string[] {
  const segments = new URL(endpoint).pathname.split('/').filter(Boolean)
  const version = segments.findIndex((segment) => /^v\d/.test(segment))
  const ups = [segments.length - (version < 0 ? 0 : version), segments.length]
  return [...new Set(ups)].map((count) => `${'/..'.repeat(count)}/info`)
}

function decodeLimits(body: unknown): StorageLimits {
  const { swift, slo } = fields(body)
  const limit = (value: unknown, preset: number) =>
    Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : preset
  const large = fields(slo)
  return {
    maxObjectBytes: limit(fields(swift)['max_file_size'], stockLimits.maxObjectBytes),
    maxNameBytes: limit(fields(swift)['max_object_name_length'], stockLimits.maxNameBytes),
    support: slo === undefined || slo === null ? 'unsupported' : 'supported',
    maxSegments: limit(large['max_manifest_segments'], stockLimits.maxSegments),
    minSegmentBytes: limit(large['min_segment_size'], stockLimits.minSegmentBytes),
  }
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
