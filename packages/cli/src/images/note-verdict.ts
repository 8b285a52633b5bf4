import type { Image, TyraxError } from '@tyrax/sdk'
import type { Context } from '../context.js'

/** Says on stderr whether what arrived was compared with what was sent. */
export function noteVerdict(context: Context, image: Image, verdict: string | undefined): void {
  if (verdict === undefined) return
  const hash = image.osHashAlgo && image.osHashValue ? ` (${image.osHashAlgo} ${image.osHashValue.slice(0, 16)}…)` : ''
  context.note(
    verdict === 'verified'
      ? `verified: the stored hash is that of what was sent${hash}`
      : `${verdict}: the size is right, but the server published no hash to compare with`,
  )
}

/** Says on stderr that bytes are fetched a second time, and why. */
export function warnDamaged(context: Context): (error: TyraxError) => void {
  return (error) => context.warn(`the bytes came damaged, fetching once more: ${error.message}`)
}
