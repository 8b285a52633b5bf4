/** Why a data folder is refused. */
export type DataFolderProblem =
  /** A cloud may not use the path: it is a file, the home folder, another user's, or not writable. */
  | 'place'
  /** The folder holds other things and has no marker of tyrax. */
  | 'foreign'
  /** The marker is damaged, or was written by a newer version of tyrax. */
  | 'marker'
  /** A name that a data folder uses is taken by a link, a folder or another user's file. */
  | 'names'
  | 'database-missing'
  | 'database-empty'
  | 'database-older'
  | 'database-newer'
  | 'database-damaged'

/** The data folder cannot be used as it is. Nothing in it was changed. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
  readonly folder: string
  readonly problem: DataFolderProblem
  /** What is wrong, as one sentence without a full stop. */
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

/** Another running cloud uses the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse'
  readonly folder: string

  constructor(folder: string, holder: number | undefined, cause: unknown) {
    const who = holder === undefined ? 'another process' : `process ${holder}`
    super(`the data folder ${folder} is in use by ${who}: stop that process, or choose another folder`, { cause })
    this.folder = folder
  }
}
