/** What is wrong or doubtful. Stable: scripts depend on it. */
export type ProblemCode =
  /** There is no data. */
  | 'empty'
  /** A web page, a pointer or other text where data was expected. */
  | 'text'
  /** Compressed, an archive, or another format that the image service has no name for. */
  | 'no-disk-format'
  /** A format other than the declared one. */
  | 'format-mismatch'
  /** A file whose name promises another format. */
  | 'name-mismatch'
  /** A fixed VHD, which can be identified only by its last bytes. */
  | 'fixed-vhd'
  /** An optical disc without ISO 9660. */
  | 'udf-only'
  /** One format hidden in another. */
  | 'several-formats'
  /** It needs another image as its base. */
  | 'backing-file'
  /** Its data is in another file. */
  | 'data-file'
  /** Something else that the image service refuses. */
  | 'unsupported'
  /** Shorter than its own structures require, or damaged. */
  | 'incomplete'
  /** It needs a key to be read. */
  | 'encrypted'
  /** A plain disk without a sign that it is one. */
  | 'no-boot-record'
  /** A plain disk whose length is not a whole number of sectors. */
  | 'odd-size'
  /** The file contains more than its compressed data. */
  | 'trailing-bytes'
  /** Not everything relevant could be inspected. */
  | 'partly-seen'
  /** Another problem that may prevent its use. */
  | 'doubt'

/** One finding about data that is to become an image: what it is, and what to do. */
export interface Problem {
  readonly code: ProblemCode
  /** `refused`: an image made of it cannot be valid, or the image service refuses it. `warning`: it may be wrong. */
  readonly severity: 'refused' | 'warning'
  readonly message: string
  readonly hint: string
}

/** The verdict on data that is to become an image. */
export interface Judgement {
  /** The disk format to declare: the declared one, or the detected one; absent when there is none for it. */
  readonly diskFormat?: string
  /** The refusals first. */
  readonly problems: readonly Problem[]
}
