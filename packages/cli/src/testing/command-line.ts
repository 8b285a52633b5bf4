import type { Readable } from 'node:stream'

/** The result of one command line. */
export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stdoutBytes: Buffer
  readonly stderr: string
}

/** The environment of a test's command line. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array | Readable
  readonly isTTY?: boolean
  readonly columns?: number
  readonly signal?: AbortSignal
  readonly cwd?: string
}
