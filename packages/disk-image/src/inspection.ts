import type { DetectedFormat } from './detected-format.js'
import type { Detail } from './format.js'

/** What is known about an image from a few of its bytes. */
export interface Inspection {
  readonly format: DetectedFormat
  /**
   * Bytes of the disk that a guest sees; absent when unknown or above 2^53-1 (then `details.virtualSize` has it as
   * text).
   */
  readonly virtualSizeBytes?: number
  /** Length of the file, when known. */
  readonly sizeBytes?: number
  /** Glance's `disk_format` for it; absent when Glance has none (compressed files, archives, qcow 1, QED). */
  readonly diskFormat?: string
  /**
   * Facts specific to the format: subformat, version, cluster size, features. Text from the file is stripped of control
   * characters.
   */
  readonly details: Readonly<Record<string, Detail>>
  /** The other file that this image needs as its base, as the image names it. */
  readonly backingFile?: string
  /** The external file that holds the guest's data, as the image names it. */
  readonly dataFile?: string
  readonly encrypted: boolean
  readonly safety: {
    /** False when Glance's own inspector refuses such content whatever `disk_format` is declared. */
    readonly safe: boolean
    /** Why it is not safe. */
    readonly reasons: readonly string[]
    /**
     * Problems that Glance does not refuse, but that prevent the use of the image: a missing parent, a file that ends
     * too early.
     */
    readonly warnings: readonly string[]
  }
  /** The file is shorter than its own structures say; `isSure`: it cannot be complete. Also among the warnings. */
  readonly truncated?: { readonly message: string; readonly isSure: boolean }
  /** Something relevant lies where it could not be read, so the result is based on only some of the image. */
  readonly isPartial?: true
  /** The names of the formats that Glance's inspector matches; two (except iso with gpt) are refused as a disguise. */
  readonly glanceFormats: readonly string[]
}

/**
 * Bootable ISOs contain a partition table on purpose; any other pair is one format hidden in another (Glance
 * `location.py`).
 */
export const isDisguise = (names: readonly string[]): boolean =>
  names.length > 1 && !(names.length === 2 && names.includes('iso') && names.includes('gpt'))
