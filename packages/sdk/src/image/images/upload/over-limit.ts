import { OverLimitError } from '../../../errors/http-error.js'
import type { ImageContext } from '../context.js'

/** What is left to say about a quota must not hold up the news for longer than this. */
const usageLimitMs = 10_000

/**
 * A 413 with the usage of every quota as its hint, where the cloud tells it; any other error as it is.
 * GET /v2/info/usage answers whatever version is advertised, and is empty on clouds without Keystone's limits.
 */
export async function withUsage(context: ImageContext, error: unknown): Promise<unknown> {
  if (!(error instanceof OverLimitError) || error.hint !== undefined) return error
  const usage = await readUsage(context).catch(() => undefined)
  if (!usage) return error
  const { status, message, code, requestId, method, url, headers } = error
  const details = { status, message, code, requestId, method, url, headers, hint: `quotas of this project: ${usage}` }
  return new OverLimitError(details, { cause: error })
}

async function readUsage({ client }: ImageContext): Promise<string | undefined> {
  const signal = AbortSignal.timeout(usageLimitMs)
  const response = await client.request({ method: 'GET', path: '/info/usage', retry: { retries: 0 }, signal })
  const body = (await response.json()) as { usage?: Record<string, { limit?: unknown; usage?: unknown }> } | null
  const quotas = Object.entries(body?.usage ?? {}).map(([name, { limit, usage }]) => {
    // Sizes are in MiB, counts are numbers of images (glance/quota/keystone.py).
    const unit = name.includes('size') || name.includes('stage') ? ' MiB' : ''
    return `${name} ${String(usage)} of ${String(limit)}${unit}`
  })
  return quotas.length > 0 ? quotas.join(', ') : undefined
}
