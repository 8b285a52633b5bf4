/** Why a data folder is refused. */
export type DataFolderProblem =
  /** Not a folder that a cloud may use: a file, the home folder, another user's, not writable. */
  | 'place'
  /** It holds other things and no marker of tyrax. */
  | 'foreign'
  /** The marker is damaged, or of a newer version of tyrax. */
  | 'marker'
  /** A link, a folder or another user's file has one of the names that a data folder uses. */
  | 'names'
  | 'database-missing'
  | 'database-empty'
  | 'database-older'
  | 'database-newer'
  | 'database-damaged'

/** A data folder that cannot be used as it is. Nothing in it was changed. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
  readonly folder: string
  readonly problem: DataFolderProblem
  /** What is wrong, in one sentence without an end. */
  readonly what: string
  /** What to do about it. */
  readonly hint: string

  constructor(
    folder: string,
    { problem, what, hint, cause }: { problem: DataFolderProblem; what: string; hint: string; cause?: unknown },
  ) {
    super(`the data folder ${folder} cannot be used: ${what}; nothing was changed: ${hint}`, { cause })
    this.folder = folder
    this.problem = problem
    this.what = what
    this.hint = hint
  }
}

/** Another running cloud has the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  readonly folder: string

  constructor(folder: string, holder: number | undefined, cause: unknown) {
    const who = holder === undefined ? 'another process' : `process ${holder}`
    super(`the data folder ${folder} is in use by ${who}: stop that process, or choose another folder`, { cause })
    this.folder = folder
  }
}
