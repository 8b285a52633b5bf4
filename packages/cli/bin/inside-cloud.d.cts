/** The words of commands that read little, write no file and ask nothing; some are those of other clients. */
export const commands: ReadonlySet<string>
/** Options without a value that such a command may have. */
export const flags: ReadonlySet<string>
/** Options with a value that such a command may have. */
export const valued: ReadonlySet<string>
/** The variables that such commands read. */
export const variables: ReadonlySet<string>

/**
 * Tells the files of a bundle, and the Node that runs them, apart from every other version.
 * @param folder the package's
 * @throws when it has no bundle
 */
export function bundleIdentity(folder: string): string

/**
 * Runs a command line inside the background process of the embedded cloud, if it is one that can be run there.
 * @param folder the package's
 * @param otherwise called, at once or later, when it has to run in this process
 */
export function runInside(argv: readonly string[], folder: string, otherwise: () => void): void
