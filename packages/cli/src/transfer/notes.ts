import type { Image, Problem, SourceReport, TyraxError, Verdict } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import type { Row } from '../output/result.js'

/** Reports on stderr whether the stored data was compared with what was sent. */
export function noteVerdict(context: Context, image: Image, verdict: string | undefined): void {
  if (verdict === undefined) return
  const hash = image.osHashAlgo && image.osHashValue ? ` (${image.osHashAlgo} ${image.osHashValue.slice(0, 16)}…)` : ''
  context.note(
    verdict === 'verified'
      ? `verified: the stored hash equals the hash of what was sent${hash}`
      : `${verdict}: the size is right, but the server published no hash to compare with`,
  )
}

/** Reports on stderr that data is fetched a second time, and why. */
export function warnDamaged(context: Context): (error: TyraxError) => void {
  return (error) => context.warn(`the data arrived damaged and is fetched again: ${error.message}`)
}

/** Reports on stderr, as soon as it is known, what may be wrong with the data, or what was sent only because of --force. */
export const noteWarning =
  (context: Context) =>
  ({ severity, message, hint }: Problem): void =>
    context.note(severity === 'refused' ? `forced: ${message}` : `warning: ${message} (${hint})`)

/** Reports on stderr what was done with the data before it was sent. */
export function noteSource(context: Context, { decompressed, sourceChecksum }: SourceReport): void {
  if (sourceChecksum?.verdict === 'verified') {
    context.note(`verified: the source has the published ${sourceChecksum.algorithm}`)
  } else if (sourceChecksum) {
    context.note(
      `${sourceChecksum.verdict}: the source was not read to its end, so its ${sourceChecksum.algorithm} is unknown`,
    )
  }
  if (decompressed) context.note(`decompressed: the source is ${decompressed}, and the image is its content`)
}

interface Sent extends Partial<Record<keyof SourceReport, unknown>> {
  readonly verdict?: Verdict | undefined
}

/** What was found out about the data, in addition to the image's own fields; empty when no data was sent. */
export function sourceRow(sent: Sent): Row {
  const { verdict, decompressed, sourceChecksum, warnings } = sent
  return {
    ...(verdict !== undefined && { verdict }),
    ...(decompressed !== undefined && { decompressed }),
    ...(sourceChecksum !== undefined && { source_checksum: sourceChecksum }),
    ...(warnings !== undefined && { warnings }),
  }
}
