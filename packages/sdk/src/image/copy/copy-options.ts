import type { DiskFormat, Visibility } from '@tyrax/protocol'
import type { Verdict } from '../../transfer/verdict.js'
import type { ImageSourceOptions } from '../images/download/image-source.js'
import type { Image } from '../images/image.js'
import type { SendOptions, SourceReport } from '../images/upload/options.js'
import type { Replacement, ReplacedImage } from './retire-images.js'

/** What `images.copy` takes. */
export interface ImageCopyOptions
  extends Omit<SendOptions, 'store'>, Pick<ImageSourceOptions, 'prefer' | 'retries' | 'idleTimeoutMs'> {
  /** @default the original's */
  readonly name?: string | undefined
  /** A UUID for the copy. @default a new one */
  readonly id?: string | undefined
  /**
   * `same`: the original's. Projects that the original is shared with are never taken over.
   * @default 'private'
   */
  readonly visibility?: Visibility | 'same' | undefined
  /** `auto` detects it, for an original whose declared format is wrong. @default the original's */
  readonly diskFormat?: 'auto' | DiskFormat | undefined
  /** Changes to the properties that are taken over: null leaves one out. */
  readonly properties?: Readonly<Record<string, string | null | undefined>> | undefined
  /** @default the original's */
  readonly tags?: readonly string[] | undefined
  /** Set when the copy is complete. @default the original's */
  readonly protected?: boolean | undefined
  /**
   * The ids of stores: for a new image, the one that takes its data. Without `to` and without another name, the image
   * itself is copied to these stores, by the server.
   */
  readonly stores?: readonly string[] | undefined
  /**
   * `server`: the destination fetches the data itself (glance-download), which needs one Keystone for both. `client`: it
   * passes through here. `auto`: by the server where that is possible; when it refuses, through here.
   * @default 'auto'
   */
  readonly via?: 'auto' | 'client' | 'server' | undefined
  /** Take an image with the same bytes that is there under any name, instead of copying. @default false */
  readonly reuse?: boolean | undefined
  /**
   * When the destination has an image of this name with other bytes: what becomes of it once the copy is complete.
   * @default none: an ImageExistsError
   */
  readonly replace?: Replacement | undefined
  /** Make the copy even if the destination has an image of this name, with whatever bytes. @default false */
  readonly allowDuplicate?: boolean | undefined
}

/** How the data gets to the copy. */
export type CopyWay = 'client' | 'glance-download' | 'copy-image'

/** What a copy would do. */
export interface ImageCopyPlan {
  /** `unchanged`: the bytes are there already. */
  readonly outcome: 'copied' | 'unchanged'
  readonly source: Image
  /** Of the copy. */
  readonly name: string
  /** Undefined when there is nothing to do. */
  readonly via: CopyWay | undefined
  /** Why it is done in this way, or not at all. */
  readonly reason: string
  /** Properties of the original that the copy does not have, because they refer to things of its cloud. */
  readonly omitted: readonly string[]
  /** Images that the copy would replace. */
  readonly replaces: readonly Image[]
  /** The image that has the bytes already. */
  readonly existing: Image | undefined
}

/** A copy that was made, or found. */
export interface ImageCopy
  extends Pick<ImageCopyPlan, 'outcome' | 'source' | 'via' | 'reason' | 'omitted'>, SourceReport {
  readonly image: Image
  /** Whether the server's hash of the copy is the hash of what was read, and of the original. */
  readonly verdict: Verdict
  /** Bytes that were transferred. */
  readonly bytes: number
  /** Ways that were tried before, and why they did not work. */
  readonly refused: readonly { readonly via: CopyWay; readonly reason: string }[]
  readonly replaced: readonly ReplacedImage[]
}
