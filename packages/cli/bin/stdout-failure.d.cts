/** Explains a failed write to standard output, at start-up and in the bundle. */
export function stdoutFailure(error: NodeJS.ErrnoException): string
