import { readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageUsage, QuotaUsage } from './image-usage.js'

/** The quotas by their names on the wire (glance/quota/keystone.py). The total sizes are in MiB. */
const names = {
  image_size_total: 'imageSizeTotalMiB',
  image_stage_total: 'imageStageTotalMiB',
  image_count_total: 'imageCountTotal',
  image_count_uploading: 'imageCountUploading',
} as const satisfies Readonly<Record<string, keyof ImageUsage>>

export async function readUsage({ client }: ImageContext, { signal }: CallOptions): Promise<ImageUsage> {
  return readJson(await client.request({ method: 'GET', path: '/info/usage', signal }), decodeUsage)
}

function decodeUsage(body: unknown): ImageUsage {
  const { usage } = (body ?? {}) as { usage?: Readonly<Record<string, unknown>> }
  if (typeof usage !== 'object' || usage === null) throw new Error('the response has no usage')
  const found: { -readonly [Name in keyof ImageUsage]: ImageUsage[Name] } = {}
  for (const [wire, name] of Object.entries(names)) {
    if (usage[wire] !== undefined) found[name] = decodeQuota(usage[wire])
  }
  return found
}

/** Keystone writes "no limit" as -1. */
function decodeQuota(wire: unknown): QuotaUsage {
  const { limit, usage } = (wire ?? {}) as { limit?: unknown; usage?: unknown }
  if (typeof limit !== 'number' || typeof usage !== 'number') throw new Error('a quota is not a limit and its usage')
  return { limit: limit < 0 ? null : limit, usage }
}
