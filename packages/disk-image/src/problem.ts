/** What is wrong or doubtful. Stable: scripts depend on it. */
export type ProblemCode =
  /** There is no data. */
  | 'empty'
  /** A page, a pointer or another text where data was expected. */
  | 'text'
  /** Compressed, an archive, or another format that the image service has no name for. */
  | 'no-disk-format'
  /** Another format than was declared. */
  | 'format-mismatch'
  /** A file whose name promises another format. */
  | 'name-mismatch'
  /** A fixed VHD, which only its last bytes name. */
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
  /** Shorter than its own structures say, or damaged. */
  | 'incomplete'
  /** It needs a key to be read. */
  | 'encrypted'
  /** Nothing in a plain disk says that it is one. */
  | 'no-boot-record'
  /** A plain disk that does not end with a sector. */
  | 'odd-size'
  /** More than its compressed data is in the file. */
  | 'trailing-bytes'
  /** Not all that matters could be looked at. */
  | 'partly-seen'
  /** Something else in the way of using it. */
  | 'doubt'

/** One finding on data that is to become an image: what it is, and what to do. */
export interface Problem {
  readonly code: ProblemCode
  /** `refused`: an image made of it cannot be right, or the image service refuses it. `warning`: it may be wrong. */
  readonly severity: 'refused' | 'warning'
  readonly message: string
  readonly hint: string
}

/** The judgement of data that is to become an image. */
export interface Judgement {
  /** The disk format to declare: the declared one, or what was detected; absent where there is none for it. */
  readonly diskFormat?: string
  /** The refusals first. */
  readonly problems: readonly Problem[]
}
