import type { Readable } from 'node:stream'

/** What one command line did. */
export interface Ran {
  readonly exitCode: number
  readonly stdout: string
  readonly stdoutBytes: Buffer
  readonly stderr: string
}

/** How a test's command line is surrounded. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string | Uint8Array | Readable
  readonly isTTY?: boolean
  readonly columns?: number
  readonly signal?: AbortSignal
  readonly cwd?: string
}
