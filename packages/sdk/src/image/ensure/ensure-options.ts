import type { Verdict } from '../../transfer/verdict.js'
import type { Replacement, ReplacedImage } from '../copy/retire-images.js'
import type { ImageCreateParams } from '../images/create.js'
import type { Image } from '../images/image.js'
import type { SourceReport } from '../images/upload/options.js'

/** What `images.ensure` takes: what `create` takes, with `auto` as the default of `diskFormat`. */
export interface ImageEnsureParams extends Omit<ImageCreateParams, 'id' | 'keepOnFailure' | 'metadata' | 'checksum'> {
  /**
   * What becomes of images of this name with other bytes, once the new one is complete; false: they are an
   * ImageExistsError. Hidden ones keep their name and go on serving what was booted from them, while the name finds only
   * the new one.
   * @default 'hide'
   */
  readonly replace?: Replacement | false | undefined
  /**
   * How many hidden images of this name to keep, the newest first: older ones are deleted, except protected ones. For
   * `replace` of `hide` and `deactivate`.
   * @default all of them
   */
  readonly keep?: number | undefined
  /**
   * How long to wait for another call that is about to send the same image and does not get on, in milliseconds, before
   * this one sends it; at most 5 seconds when its data was on its way and broke off.
   * @default 60_000
   */
  readonly staleMs?: number | undefined
}

/** What an `ensure` has done, or would do. `replaced`: another image has the name now. */
export type EnsureOutcome = 'created' | 'unchanged' | 'updated' | 'replaced'

/** What an `ensure` would do. */
export interface ImageEnsurePlan {
  readonly outcome: EnsureOutcome
  readonly reason: string
  /** The image that has the bytes already. */
  readonly existing: Image | undefined
  /** The images that would be taken out of the way. */
  readonly replaces: readonly Image[]
}

/** The image that is there now. */
export interface EnsuredImage extends SourceReport {
  readonly outcome: EnsureOutcome
  readonly reason: string
  readonly image: Image
  readonly verdict: Verdict
  /** Bytes that were sent. */
  readonly bytes: number
  readonly replaced: readonly ReplacedImage[]
}
