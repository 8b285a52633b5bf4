import type { KnownImageStatus } from '@tyrax/protocol'
import type { OnProgress } from '../../transfer/progress.js'
import type { Image } from '../images/image.js'
import type { ImageTask } from '../tasks/image-task.js'
import type { StoreResult } from './import-state.js'

/** What `images.wait` takes. */
export interface WaitOptions {
  /** @default 'active' */
  readonly for?: KnownImageStatus | undefined
  /** In milliseconds. @default none */
  readonly timeoutMs?: number | undefined
  /**
   * The longest pause between two polls, in milliseconds; the first ones are shorter.
   * @default 2_000 in the first minute, 10_000 after that
   */
  readonly intervalMs?: number | undefined
  /**
   * How long an import may stand still, without any change of its image or its task, in milliseconds. The server itself
   * lets another import replace it after an hour.
   * @default 3_600_000
   */
  readonly stuckMs?: number | undefined
  /** Called after each poll, with the task of the import if one is running. */
  readonly onPoll?: ((image: Image, task?: ImageTask) => void) | undefined
  /** @deprecated The old name of `onPoll`. */
  readonly onLook?: ((image: Image) => void) | undefined
  /** The bytes that the server has copied, in the phase `server`. */
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/** An image that has the status that was waited for. */
export interface WaitedImage extends Image {
  /** What has become of each store of the import. Absent where the cloud names no stores, or nothing was imported. */
  readonly storeResults?: readonly StoreResult[]
  /** The import that was waited for, where the server shows it. */
  readonly task?: ImageTask
}
